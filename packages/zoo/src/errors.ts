import { ResnetError } from '@resnet-ts/graph'

/** A name that no model of the zoo bears. */
export class UnknownModelError extends ResnetError {
  /** `UnknownModelError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'UnknownModelError'
}
