import { bytes } from '../../components/words.js'
import type { Loading } from '../../state/model.js'

/** How far a model has come. */
export function stepInWords({ step }: Loading): string {
  switch (step.kind) {
    case 'reading':
      return 'Reading the weights…'
    case 'fetching':
      return step.total ? `${bytes(step.loaded)} of ${bytes(step.total)}` : bytes(step.loaded)
    case 'preparing':
      return 'Preparing the network…'
    default:
      return step satisfies never
  }
}
