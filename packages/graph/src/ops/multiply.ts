import { describeType } from '../value.js'
import type { Op } from './op.js'

/**
 * The product of a feature map `[n, h, w, c]` with a second value of the same shape, or with a gate `[n, 1, 1, c]`
 * that is broadcast over height and width.
 */
export type MultiplyAttributes = Record<string, never>

export const multiply: Op<MultiplyAttributes> = {
  arity: [2, 2],
  type([map, gate], _attributes, fail) {
    if (map!.rank !== gate!.rank || map!.channels !== gate!.channels) {
      fail('two values of the same rank and channels', `${describeType(map!)} and ${describeType(gate!)}`)
    }
    return map!
  },
  shape([map, gate], _attributes, fail) {
    const [batch, , , channels] = map!
    const isGate = map!.length === 4 && gate!.join() === [batch, 1, 1, channels].join()
    if (!isGate && map!.join() !== gate!.join()) {
      fail(`a second value of shape [${map!.join(', ')}] or a gate [n, 1, 1, c]`, `[${gate!.join(', ')}]`)
    }
    return map!
  },
  print: () => '',
}
