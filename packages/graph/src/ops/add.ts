import { describeType } from '../value.js'
import type { Op } from './op.js'

/** The sum of two values of the same shape: where a shortcut meets its block. */
export type AddAttributes = Record<string, never>

export const add: Op<AddAttributes> = {
  arity: [2, 2],
  type([left, right], _attributes, fail) {
    if (left!.rank !== right!.rank || left!.channels !== right!.channels) {
      fail('two values of the same shape', `${describeType(left!)} and ${describeType(right!)}`)
    }
    return left!
  },
  shape([left, right], _attributes, fail) {
    if (left!.join() !== right!.join()) {
      fail('two values of the same shape', `[${left!.join(', ')}] and [${right!.join(', ')}]`)
    }
    return left!
  },
  print: () => '',
}
