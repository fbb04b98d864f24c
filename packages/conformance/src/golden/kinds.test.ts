import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { goldenModelNames } from '@resnet-ts/golden'
import type { Graph, Node } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'
import { bounds, measure } from './measure.js'
import { remembered } from './remembered.js'
import { modelRun } from './runs.js'

/** For each kind of network, the smallest that has it. `pnpm golden` runs all ninety. */
const kinds = [
  ['blocks that differ from stage to stage', 'test_resnet'],
  ['tiered stem, basic blocks', 'resnet10t'],
  ['plain stem, basic blocks', 'resnet18'],
  ['deep stem, average-pool shortcuts', 'resnet18d'],
  ['deep stem of twice the width, bottlenecks', 'resnet50s'],
  ['grouped bottlenecks, efficient channel attention', 'ecaresnext26t_32x4d'],
  ['squeeze and excitation in basic blocks', 'seresnet18'],
  ['squeeze and excitation in grouped bottlenecks', 'seresnext26d_32x4d'],
  ['blur pooling', 'resnetblur18'],
  ['antialiasing by average pooling', 'resnetaa34d'],
  ['ResNet-RS: a stem that pools by a convolution', 'resnetrs50'],
  ['group norm', 'resnet50_gn'],
  ['pruned widths', 'ecaresnet50d_pruned'],
  ['narrowed first convolutions, 3×3 shortcuts', 'senet154'],
  ['pre-activated basic blocks', 'resnetv2_18'],
  ['pre-activated, deep stem, average-pool shortcuts', 'resnetv2_18d'],
  ['pre-activated bottlenecks, tiered stem', 'resnetv2_50t'],
  ['pre-activated, group norm, standardised weights, a stem padded with zeros', 'resnetv2_50x1_bit'],
] as const

const familyOf = (name: string) => (name.startsWith('resnetv2') ? 'timm-v2' : 'timm')

describe('logits of one network of each kind, as written and optimised', () => {
  test.each(kinds)('%s: %s', async (_kind, name) => {
    const run = remembered(modelRun(name, familyOf(name)), new Map())
    // The large one takes long, and as it is written it has no op that the others have not.
    const forms = run.parameters < 100e6 ? (['as written', 'optimised'] as const) : (['optimised'] as const)
    for (const form of forms) {
      // Optimised ones keep to the narrower bound too.
      const { faults } = await measure(run, form, tfjsWasm(), bounds['as written'])
      expect(faults, form).toEqual([])
    }
  })
})

test('every kind of part and of node that the ninety networks have is in one of these', () => {
  const names = (['timm', 'timm-v2'] as const).flatMap((family) => goldenModelNames(family))
  const partsOf = (networks: readonly string[]) => new Set(networks.flatMap((name) => kindsOf(findModel(name)())))
  const covered = partsOf(kinds.map(([, name]) => name))
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
