import { featureMap, type Padding } from '../value.js'
import { type Op, requireOneOf, requireRank, requireWholes } from './op.js'

/** Adds pixels around a map, and zero channels before and after its own. */
export interface PadAttributes {
  /** Pixels added on each side. */
  readonly padding: Padding
  /** Zero channels added `[before, after]`; only with `zero`. */
  readonly channels: readonly [before: number, after: number]
  /** `reflect` mirrors the map without repeating its edge, as `torch.nn.ReflectionPad2d`. */
  readonly mode: 'zero' | 'reflect'
}

export const pad: Op<PadAttributes> = {
  arity: [1, 1],
  type(inputs, { padding, channels, mode }, fail) {
    requireRank(4, inputs, fail)
    requireWholes('padding', padding, 4, 0, fail)
    requireWholes('channels', channels, 2, 0, fail)
    requireOneOf(['zero', 'reflect'], mode, fail)
    if (mode === 'reflect' && channels.some(Boolean)) fail('no channels added by reflection', channels.join(', '))
    return featureMap(inputs[0]!.channels + channels[0] + channels[1])
  },
  shape([map], { padding, channels, mode }, fail) {
    const [batch, height, width, depth] = map as [number, number, number, number]
    const [top, right, bottom, left] = padding
    if (mode === 'reflect' && (Math.max(top, bottom) >= height || Math.max(left, right) >= width)) {
      fail('a map larger than what is reflected', `${height}×${width}`)
    }
    return [batch, height + top + bottom, width + left + right, depth + channels[0] + channels[1]]
  },
  print({ padding, channels, mode }) {
    const words: string[] = [mode]
    if (padding.some(Boolean)) words.push(padding.join(' '))
    if (channels.some(Boolean)) words.push(`channels ${channels.join(' ')}`)
    return words.join(' ')
  },
}
