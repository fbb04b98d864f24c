import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { type Activation, convNormAct, type Norm } from './convNormAct.js'

/** What stands between the image and the first stage. */
export type Stem = (g: GraphBuilder, image: Value, options: StemOptions) => Value

export interface StemOptions {
  /** How many channels it yields. */
  readonly channels: number
  /** @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** @defaultValue relu */
  readonly activation?: Activation | undefined
}

/** A 7×7 convolution and a 3×3 max pooling, each of stride 2: `[n, h, w, c] → [n, ⌈h / 4⌉, ⌈w / 4⌉, channels]`. */
export const imagenetStem: Stem = (g, image, options) =>
  g.maxPool(convNormAct(g, image, { name: '1', kernel: 7, stride: 2, ...options }), {
    name: 'maxpool',
    kernel: 3,
    stride: 2,
    padding: 1,
  })

/** A 3×3 convolution, for images of 32×32 (He et al. 2015, section 4.2): `[n, h, w, c] → [n, h, w, channels]`. */
export const cifarStem: Stem = (g, image, options) => convNormAct(g, image, { name: '1', kernel: 3, ...options })
