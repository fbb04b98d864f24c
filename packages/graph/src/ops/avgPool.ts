import { type Op, requireBoolean, requireRank } from './op.js'
import { printWindow, requirePooling, slide, type Window } from './window.js'

/** The mean over a sliding window, as `torch.nn.AvgPool2d`. */
export interface AvgPoolAttributes extends Window {
  /** Lets the last window start inside the map and end outside it, as in PyTorch. */
  readonly ceilMode: boolean
  /** Whether zeros of the padding count in the divisor; what `ceilMode` adds beyond the padding never does. */
  readonly countIncludePad: boolean
}

export const avgPool: Op<AvgPoolAttributes> = {
  arity: [1, 1],
  type(inputs, attributes, fail) {
    requireRank(4, inputs, fail)
    requirePooling(attributes, fail)
    requireBoolean('countIncludePad', attributes.countIncludePad, fail)
    return inputs[0]!
  },
  shape: ([map], attributes, fail) => [map![0]!, ...slide(map!, attributes, fail), map![3]!],
  print: (attributes) => `${printWindow(attributes)}${attributes.countIncludePad ? '' : ' excluding padding'}`,
}
