import { ResnetError } from '@resnet-ts/graph'

/** A name that no model of the zoo bears. */
export class UnknownModelError extends ResnetError {
  override readonly name: string = 'UnknownModelError'
}
