import type { AvgPoolAttributes, GlobalPoolAttributes, MaxPoolAttributes } from '@resnet-ts/graph'
import { int } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'
import { zeroPad } from './pad.js'
import { paddingRoundedDown, windowOf } from './window.js'

export function maxPool(g: OpWriter, attributes: MaxPoolAttributes): string {
  return g.write('MaxPool', g.inputs, windowOf(attributes, paddingRoundedDown(attributes)))
}

export function avgPool(g: OpWriter, attributes: AvgPoolAttributes): string {
  const { countIncludePad, ceilMode, padding } = attributes
  const [x] = g.inputs
  const rounded = paddingRoundedDown(attributes)
  if (!countIncludePad || !padding.some(Boolean)) {
    return g.write('AveragePool', [x], { ...windowOf(attributes, rounded), count_include_pad: int(0) })
  }
  if (!ceilMode) {
    return g.write('AveragePool', [x], { ...windowOf(attributes, padding), count_include_pad: int(1) })
  }
  // Zeros of the padding count, what rounding up adds beyond them does not: they become part of the map.
  const padded = zeroPad(g, x, padding, [0, 0], true, 'pad')
  const beyond = [0, rounded[1] - padding[1], rounded[2] - padding[2], 0] as const
  return g.write('AveragePool', [padded], { ...windowOf(attributes, beyond), count_include_pad: int(0) })
}

export function globalPool(g: OpWriter, { kind, keepDimensions }: GlobalPoolAttributes): string {
  const [x] = g.inputs
  const average = (part?: string) => g.write('GlobalAveragePool', [x], {}, part)
  const maximum = (part?: string) => g.write('GlobalMaxPool', [x], {}, part)
  const pooled = (): string => {
    switch (kind) {
      case 'avg':
        return average()
      case 'max':
        return maximum()
      case 'avgmax':
        return g.write('Mul', [g.write('Add', [average('avg'), maximum('max')], {}, 'sum'), g.scalar(0.5)])
      case 'catavgmax':
        return g.write('Concat', [average('avg'), maximum('max')], { axis: int(1) })
      default:
        return kind satisfies never
    }
  }
  const map = pooled()
  return keepDimensions ? map : g.write('Flatten', [map], { axis: int(1) }, 'flatten')
}
