import {
  type Block,
  type BlockOptions,
  batchNorm,
  convNorm,
  convNormAct,
  joinShortcut,
  type Norm,
  projectionOf,
  type Stem,
} from '@resnet-ts/blocks'
import type { GraphBuilder, Value } from '@resnet-ts/graph'

// The parts of Keras's and Gluon's first ResNets that differ from torchvision's.

/** Keras's epsilon, 1.001e-5. */
export const kerasNorm: Norm = (g, x, options) => g.batchNorm(x, { ...options, epsilon: 1.001e-5 })

/**
 * The bottleneck with its stride in the first 1×1 convolution, as in the paper (He et al. 2015; Keras `block1`, Gluon
 * `BottleneckV1`), where torchvision has it in the 3×3 one.
 * `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, 4 · channels]`.
 *
 * @param options.spatialBias - whether the 3×3 convolution has a bias too; the 1×1 ones always have
 */
export function strideFirstBottleneck({ spatialBias }: { readonly spatialBias: boolean }): Block {
  const write = (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, stride, dilation, firstDilation = dilation, norm = batchNorm, activation } = options
    const common = { norm, activation }
    const y = convNormAct(g, x, { ...common, name: '1', channels, kernel: 1, stride, bias: true })
    const spatial = { ...common, name: '2', channels, kernel: 3, dilation: firstDilation, bias: spatialBias }
    const z = convNormAct(g, y, spatial)
    const zeroInit = options.zeroInitResidual
    const wide = convNorm(g, z, { name: '3', channels: channels * 4, kernel: 1, norm, bias: true, zeroInit })
    return joinShortcut(g, x, wide, { ...options, name: 'act3', expansion: 4 })
  }
  return Object.assign(write, { expansion: 4, kind: 'bottleneck' })
}

/** The dashed shortcut whose convolution has a bias. */
export const biasedProjection = /* @__PURE__ */ projectionOf({ kernel: 1, bias: true })

/**
 * The 7×7 convolution with a bias, and the max pooling. Keras pads for it with zeros, which behind a rectifier is the
 * same as leaving the padding out of the maximum.
 */
export const biasedStem: Stem = (g, image, { channels, norm, activation }) => {
  const y = convNormAct(g, image, { name: '1', channels, kernel: 7, stride: 2, bias: true, norm, activation })
  return g.maxPool(y, { name: 'maxpool', kernel: 3, stride: 2, padding: 1 })
}
