import { type GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, joinShortcut, subsampling } from './block.js'
import { convNorm, convNormAct } from './convNormAct.js'

/**
 * Two 3×3 convolutions and a shortcut (He et al. 2015, figure 5 left; timm `BasicBlock`): the block of ResNet-18 and
 * ResNet-34. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 *
 * @throws {OptionError} when `groups` or `widthPerGroup` is given: only bottlenecks have them
 */
export const basicBlock: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, dilation, reduceFirst = 1, norm, activation, zeroInitResidual, pruned } = options
    requireUngrouped(options)
    const [first = Math.floor(channels / reduceFirst)] = pruned?.inner ?? []
    const { after, ...sampling } = subsampling(options)
    const y = after(g, convNormAct(g, x, { name: '1', channels: first, kernel: 3, ...sampling, norm, activation }))
    const output = pruned?.output ?? channels
    const z = convNorm(g, y, { name: '2', channels: output, kernel: 3, dilation, norm, zeroInit: zeroInitResidual })
    return joinShortcut(g, x, z, { ...options, name: 'act2', expansion: 1 })
  },
  { expansion: 1, kind: 'basicBlock' },
)

function requireUngrouped({ groups = 1, widthPerGroup = 64 }: BlockOptions): void {
  if (groups === 1 && widthPerGroup === 64) return
  throw new OptionError({
    subject: 'basicBlock',
    expected: 'groups 1 and widthPerGroup 64',
    found: `groups ${groups} and widthPerGroup ${widthPerGroup}`,
    advice: 'use the bottleneck for grouped or wide networks',
  })
}
