import { ResnetError } from '@resnet-ts/graph'

/** A model that is known, but of which no weights are at hand. */
export class MissingWeightsError extends ResnetError {
  /** `MissingWeightsError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'MissingWeightsError'
}

/** The error of a model whose weights are neither given nor to be had. */
export function missingWeights(name: string): MissingWeightsError {
  return new MissingWeightsError({
    subject: `model '${name}'`,
    expected: 'weights',
    found: 'none embedded or published for it',
    advice: 'give a checkpoint of it: { weights } in the library, --weights FILE on the command line',
  })
}
