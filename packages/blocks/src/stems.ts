import type { GraphBuilder, Value } from '@resnet-ts/graph'
import type { AntiAlias } from './antiAlias.js'
import { type Activation, batchNorm, convNormAct, type Norm, relu } from './convNormAct.js'

/** What stands between the image and the first stage. */
export type Stem = (g: GraphBuilder, image: Value, options: StemOptions) => Value

/** What a network tells its stem. */
export interface StemOptions {
  /** How many channels it yields. */
  readonly channels: number
  /** What follows each convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** What follows each norm. @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Subsamples in place of the pooling's stride. */
  readonly antiAlias?: AntiAlias | undefined
}

/** A 7×7 convolution and a 3×3 max pooling, each of stride 2: `[n, h, w, c] → [n, ⌈h / 4⌉, ⌈w / 4⌉, channels]`. */
export const imagenetStem: Stem = (g, image, options) => {
  const { channels, norm, activation } = options
  return stemPool(g, convNormAct(g, image, { name: '1', channels, kernel: 7, stride: 2, norm, activation }), options)
}

/** A 3×3 convolution, for images of 32×32 (He et al. 2015, section 4.2): `[n, h, w, c] → [n, h, w, channels]`. */
export const cifarStem: Stem = (g, image, { channels, norm, activation }) =>
  convNormAct(g, image, { name: '1', channels, kernel: 3, norm, activation })

/**
 * Three 3×3 convolutions in place of the 7×7 one (the -C, -D and -S networks; He et al. 2018, figure 2b), the first
 * two of half the channels, then the max pooling. `[n, h, w, c] → [n, ⌈h / 4⌉, ⌈w / 4⌉, channels]`.
 */
export const deepStem: Stem = (g, image, options) => {
  const width = Math.floor(options.channels / 2)
  return stemPool(g, threeConvolutions(g, image, [width, width], options), options)
}

/** The deep stem whose channels grow step by step (the -T networks): 24, 32, 64. */
export const tieredStem: Stem = (g, image, options) => {
  const width = Math.floor(options.channels / 2)
  return stemPool(g, threeConvolutions(g, image, [3 * Math.floor(width / 4), width], options), options)
}

/** The deep stem of ResNet-RS (Bello et al. 2021), which pools by a convolution of stride 2. */
export const convolutionPoolStem: Stem = (g, image, options) => {
  const { channels, norm = batchNorm, activation = relu } = options
  const width = Math.floor(channels / 2)
  const y = threeConvolutions(g, image, [width, width], options)
  return g.scope('maxpool', 'pool', () => {
    const z = norm(g, g.conv2d(y, { name: '0', channels, kernel: 3, stride: 2, padding: 1 }), { name: '1' })
    return activation(g, z, { name: '2' })
  })
}

function threeConvolutions(g: GraphBuilder, image: Value, widths: readonly number[], options: StemOptions): Value {
  const { channels, norm = batchNorm, activation = relu } = options
  const y = g.scope('conv1', 'deepStem', () =>
    [...widths, channels].reduce((x, width, index) => {
      const place = index * 3
      const convolved = g.conv2d(x, {
        name: String(place),
        channels: width,
        kernel: 3,
        stride: index === 0 ? 2 : 1,
        padding: 1,
      })
      if (index === widths.length) return convolved
      return activation(g, norm(g, convolved, { name: String(place + 1) }), { name: String(place + 2) })
    }, image),
  )
  return activation(g, norm(g, y, { name: 'bn1' }), { name: 'act1' })
}

/** The pooling that ends a stem; with antialiasing its stride is left to that, or that takes its place. */
function stemPool(g: GraphBuilder, x: Value, { antiAlias }: StemOptions): Value {
  if (antiAlias?.replacesMaxPool) return antiAlias(g, x, { name: 'maxpool', stride: 2 })
  const pool = (stride: number, name: string) => g.maxPool(x, { name, kernel: 3, stride, padding: 1 })
  if (!antiAlias) return pool(2, 'maxpool')
  return g.scope('maxpool', 'pool', () => antiAlias(g, pool(1, '0'), { name: '1', stride: 2 }))
}
