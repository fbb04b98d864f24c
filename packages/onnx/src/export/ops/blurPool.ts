import { type BlurPoolAttributes, blurFilter, blurPadding } from '@resnet-ts/graph'
import { int } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'
import { onnxTensor } from '../tensors.js'
import { reflectPad } from './pad.js'
import { windowOf } from './window.js'

/** A mirrored map, convolved channel by channel with a filter that is a constant. */
export function blurPool(g: OpWriter, attributes: BlurPoolAttributes, channels: number): string {
  const { kernel, stride } = attributes
  const [x] = g.inputs
  const side = blurPadding(attributes)
  const mirrored = side === 0 ? x : reflectPad(g, x, [side, side, side, side], 'pad')
  const row = blurFilter(attributes)
  const filter = row.flatMap((vertical) => row.map((horizontal) => vertical * horizontal))
  const weight = g.constant('filter', () =>
    onnxTensor('', {
      shape: [channels, 1, kernel, kernel],
      read: () => Float32Array.from({ length: channels * filter.length }, (_, index) => filter[index % filter.length]),
    }),
  )
  return g.write('Conv', [mirrored, weight], {
    ...windowOf({ kernel: [kernel, kernel], stride: [stride, stride] }, [0, 0, 0, 0]),
    group: int(channels),
  })
}
