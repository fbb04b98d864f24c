import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, shortcut } from './block.js'
import { convNorm, convNormAct, relu } from './convNormAct.js'

/**
 * A 1×1 convolution that narrows, a 3×3 one (grouped in ResNeXt), a 1×1 one that widens fourfold, and a shortcut
 * (He et al. 2015, figure 5 right; torchvision `Bottleneck`): the block of ResNet-50 and deeper. The stride is in
 * the 3×3 convolution, as in torchvision and timm, not in the first as in the paper.
 * `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, 4 · channels]`.
 *
 * Its inner width is `⌊channels · widthPerGroup / 64⌋ · groups`.
 */
export const bottleneck: Block = Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, stride, groups = 1, widthPerGroup = 64, norm, activation = relu, zeroInitResidual } = options
    const width = Math.floor((channels * widthPerGroup) / 64) * groups
    const y = convNormAct(g, x, { name: '1', channels: width, kernel: 1, norm, activation })
    const z = convNormAct(g, y, { name: '2', channels: width, kernel: 3, stride, groups, norm, activation })
    const wide = convNorm(g, z, { name: '3', channels: channels * 4, kernel: 1, norm, zeroInit: zeroInitResidual })
    return activation(g, g.add(wide, shortcut(g, x, options, 4)), { name: 'act3' })
  },
  { expansion: 4, kind: 'bottleneck' },
)
