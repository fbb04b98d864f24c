import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, joinShortcut, subsampling } from './block.js'
import { convNorm, convNormAct } from './convNormAct.js'

/**
 * A 1×1 convolution that narrows, a 3×3 one (grouped in ResNeXt), a 1×1 one that widens fourfold, and a shortcut
 * (He et al. 2015, figure 5 right; timm `Bottleneck`): the block of ResNet-50 and deeper. The stride is in the 3×3
 * convolution, as in torchvision and timm, not in the first as in the paper.
 * `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, 4 · channels]`.
 *
 * Its inner width is `⌊channels · widthPerGroup / 64⌋ · groups`.
 */
export const bottleneck: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, groups = 1, widthPerGroup = 64, reduceFirst = 1 } = options
    const { norm, activation, zeroInitResidual, pruned } = options
    const width = Math.floor((channels * widthPerGroup) / 64) * groups
    const [first = Math.floor(width / reduceFirst), second = width] = pruned?.inner ?? []
    const { after, ...sampling } = subsampling(options)
    const y = convNormAct(g, x, { name: '1', channels: first, kernel: 1, norm, activation })
    const z = convNormAct(g, y, { name: '2', channels: second, kernel: 3, ...sampling, groups, norm, activation })
    const output = pruned?.output ?? channels * 4
    const wide = convNorm(g, after(g, z), { name: '3', channels: output, kernel: 1, norm, zeroInit: zeroInitResidual })
    return joinShortcut(g, x, wide, { ...options, name: 'act3', expansion: 4 })
  },
  { expansion: 4, kind: 'bottleneck' },
)
