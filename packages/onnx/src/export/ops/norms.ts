import type { BatchNormAttributes, GroupNormAttributes } from '@resnet-ts/graph'
import { float } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'
import { onnxTensor } from '../tensors.js'

export function batchNorm(g: OpWriter, { epsilon }: BatchNormAttributes): string {
  const parameters = ['weight', 'bias', 'running_mean', 'running_var'].map((suffix) => g.parameter(suffix))
  return g.write('BatchNormalization', [...g.inputs, ...parameters], { epsilon: float(epsilon) })
}

/**
 * Each group as a channel of its own, normalised by InstanceNormalization, then scaled channel by channel. ONNX's own
 * GroupNormalization scales groups before version 21, and takes the variance as a difference of means, which cancels.
 */
export function groupNorm(g: OpWriter, { groups, epsilon }: GroupNormAttributes): string {
  const [x] = g.inputs
  const ofGroups = (value: number) =>
    g.constant(`groups(${value})`, () =>
      onnxTensor('', { shape: [groups], read: () => new Float32Array(groups).fill(value) }),
    )
  const rows = g.write('Reshape', [x, g.integers(0, groups, -1)], {}, 'groups')
  const normal = g.write(
    'InstanceNormalization',
    [rows, ofGroups(1), ofGroups(0)],
    { epsilon: float(epsilon) },
    'normalise',
  )
  const map = g.write('Reshape', [normal, g.write('Shape', [x], {}, 'shape')], {}, 'map')
  const ofChannels = (suffix: string) =>
    g.write('Unsqueeze', [g.parameter(suffix), g.integers(1, 2)], {}, `${suffix}.map`)
  return g.write('Add', [g.write('Mul', [map, ofChannels('weight')], {}, 'scale'), ofChannels('bias')])
}
