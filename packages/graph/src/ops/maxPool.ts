import { type Op, requireRank } from './op.js'
import { printWindow, requirePooling, slide, type Window } from './window.js'

/** The maximum over a sliding window, as `torch.nn.MaxPool2d`; padding never wins. */
export interface MaxPoolAttributes extends Window {
  /** Lets the last window start inside the map and end outside it, as in PyTorch. */
  readonly ceilMode: boolean
}

export const maxPool: Op<MaxPoolAttributes> = {
  arity: [1, 1],
  type(inputs, attributes, fail) {
    requireRank(4, inputs, fail)
    requirePooling(attributes, fail)
    return inputs[0]!
  },
  shape: ([map], attributes, fail) => [map![0]!, ...slide(map!, attributes, fail), map![3]!],
  print: printWindow,
}
