import { ResnetError } from '@resnet-ts/graph'

/** A model that is known, but of which no weights are at hand. */
export class MissingWeightsError extends ResnetError {
  override readonly name: string = 'MissingWeightsError'
}
