import { type ErrorDetails, ResnetError } from '../errors.js'

/** What a call refuses, with the kind of error; a call that goes through, or fails in another way, is a failed test. */
export function refusal(call: () => unknown): ErrorDetails & { readonly name: string; readonly message: string } {
  try {
    call()
  } catch (error) {
    if (!(error instanceof ResnetError)) throw error
    return { ...error.details, name: error.name, message: error.message }
  }
  throw new Error('expected a refusal, but the call went through')
}
