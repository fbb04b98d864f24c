import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { goldenModelNames } from '@resnet-ts/golden'
import type { Graph, Node } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'
import { kinds, unlessLong } from './kinds.js'
import { bounds, measure } from './measure.js'
import { remembered } from './remembered.js'

describe('logits of one network of each kind, as written and optimised', () => {
  for (const [name, kind] of kinds()) {
    const { isLong, title } = unlessLong(name, kind, 20e6)
    test.skipIf(isLong)(title, async () => {
      const run = remembered(kind, new Map())
      for (const form of ['as written', 'optimised'] as const) {
        // Optimised ones keep to the narrower bound too.
        const { faults } = await measure(run, form, tfjsWasm(), bounds['as written'])
        expect(faults, form).toEqual([])
      }
    })
  }
})

test('every kind of part and of node that the ninety networks have is in one of these', () => {
  const names = (['timm', 'timm-v2'] as const).flatMap((family) => goldenModelNames(family))
  const partsOf = (networks: readonly string[]) => new Set(networks.flatMap((name) => kindsOf(findModel(name)())))
  const covered = partsOf(kinds().map(([, { name }]) => name))
  const all = partsOf(names)
  expect(names).toHaveLength(90)
  expect([...all].filter((kind) => !covered.has(kind))).toEqual([])
  // The parts are told apart finely enough for each of the networks to matter to some.
  expect(all.size).toBeGreaterThan(40)
})

/** What a network is made of: its blocks and other parts by name, its nodes by op and by what is special about them. */
function kindsOf({ scopes, nodes }: Graph): string[] {
  return [...scopes.map(({ kind }) => kind), ...nodes.map(kindOf)]
}

function kindOf({ op, attributes }: Node): string {
  if (op !== 'conv2d') {
    const {
      channels: _,
      inChannels: _in,
      outChannels: _out,
      ...rest
    } = attributes as unknown as Record<string, unknown>
    return `${op} ${JSON.stringify(rest)}`
  }
  const { inChannels: _, outChannels: _out, groups, ...rest } = attributes
  return `${op} ${JSON.stringify({ ...rest, grouped: groups > 1 })}`
}
