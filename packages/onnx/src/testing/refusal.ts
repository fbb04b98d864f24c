import { type ErrorDetails, ResnetError } from '@resnet-ts/graph'

/** What a call refuses, with the kind of error; a call that goes through, or fails in another way, is a failed test. */
export function refusal(call: () => unknown): ErrorDetails & { readonly name: string } {
  try {
    call()
  } catch (error) {
    if (!(error instanceof ResnetError)) throw error
    return { ...error.details, name: error.name }
  }
  throw new Error('expected a refusal, but the call went through')
}
