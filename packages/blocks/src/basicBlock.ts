import { type GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, shortcut } from './block.js'
import { convNorm, convNormAct, relu } from './convNormAct.js'

/**
 * Two 3×3 convolutions and a shortcut (He et al. 2015, figure 5 left; torchvision `BasicBlock`): the block of
 * ResNet-18 and ResNet-34. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 *
 * @throws {OptionError} when `groups` or `widthPerGroup` is given: only bottlenecks have them
 */
export const basicBlock: Block = Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, stride, norm, activation = relu, zeroInitResidual } = options
    requireUngrouped(options)
    const y = convNormAct(g, x, { name: '1', channels, kernel: 3, stride, norm, activation })
    const z = convNorm(g, y, { name: '2', channels, kernel: 3, norm, zeroInit: zeroInitResidual })
    return activation(g, g.add(z, shortcut(g, x, options, 1)), { name: 'act2' })
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
