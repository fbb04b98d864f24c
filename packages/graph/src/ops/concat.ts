import type { ValueType } from '../value.js'
import type { Op } from './op.js'

/** Values side by side along their channels. */
export type ConcatAttributes = Record<string, never>

export const concat: Op<ConcatAttributes> = {
  arity: [1, Number.POSITIVE_INFINITY],
  type(inputs, _attributes, fail) {
    const first = inputs[0] as ValueType
    if (inputs.some((input) => input.rank !== first.rank)) fail('values of one rank', 'several')
    return { ...first, channels: inputs.reduce((sum, input) => sum + input.channels, 0) }
  },
  shape(inputs, _attributes, fail) {
    const outer = (shape: readonly number[]) => shape.slice(0, -1).join(', ')
    if (inputs.some((shape) => outer(shape) !== outer(inputs[0]!))) {
      fail('values of the same shape but for their channels', inputs.map((shape) => `[${shape.join(', ')}]`).join(' '))
    }
    return [...inputs[0]!.slice(0, -1), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)]
  },
  print: () => '',
}
