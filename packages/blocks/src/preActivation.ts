import { type GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, gateBranch, subsampling } from './block.js'
import { batchNorm, relu, samePadding } from './convNormAct.js'
import type { Shortcut } from './shortcuts.js'

/**
 * Two 3×3 convolutions, each after a norm and an activation (He et al. 2016b; timm `PreActBasic`): the block of
 * ResNet-18 and ResNet-34 v2. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 *
 * @throws {OptionError} when `widthPerGroup`, `reduceFirst` or `pruned` is given, which it does not know
 */
export const preActivationBasicBlock: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    requirePlainWidths('preActivationBasicBlock', options)
    const { channels, dilation, zeroInitResidual } = options
    const { after, ...sampling } = subsampling(options)
    const { preActivated, shortcut } = enter(g, x, channels, options)
    const spatial = { ...options, channels, kernel: 3 }
    const y = after(g, convolve(g, preActivated, { ...spatial, ...sampling, name: '1' }))
    const last = { ...spatial, stride: 1, dilation, name: '2', zeroInit: zeroInitResidual }
    const z = convolve(g, normAct(g, y, '2', options), last)
    return g.add(gateBranch(g, z, { ...options, expansion: 1 }), shortcut)
  },
  { expansion: 1, kind: 'preActivationBasicBlock' },
)

/**
 * The bottleneck whose convolutions each come after a norm and an activation (He et al. 2016b; timm
 * `PreActBottleneck`). `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, 4 · channels]`.
 *
 * @throws {OptionError} when `widthPerGroup`, `reduceFirst` or `pruned` is given, which it does not know
 */
export const preActivationBottleneck: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    requirePlainWidths('preActivationBottleneck', options)
    const { channels, zeroInitResidual } = options
    const { after, ...sampling } = subsampling(options)
    const { preActivated, shortcut } = enter(g, x, channels * 4, options)
    const pointwise = { standardise: options.standardise, kernel: 1, stride: 1 }
    const y = convolve(g, preActivated, { ...pointwise, name: '1', channels })
    const spatial = { ...options, ...sampling, name: '2', channels, kernel: 3 }
    const z = after(g, convolve(g, normAct(g, y, '2', options), spatial))
    const last = { ...pointwise, name: '3', channels: channels * 4, zeroInit: zeroInitResidual }
    const wide = convolve(g, normAct(g, z, '3', options), last)
    return g.add(gateBranch(g, wide, { ...options, expansion: 4 }), shortcut)
  },
  { expansion: 4, kind: 'preActivationBottleneck' },
)

/** The dashed shortcut of a pre-activated block: a 1×1 convolution alone, `downsample.conv`. */
export const preActivationProjection: Shortcut = (g, x, { channels, stride, standardise }) =>
  g.scope('downsample', 'downsample', () => g.conv2d(x, { name: 'conv', channels, kernel: 1, stride, standardise }))

/** The dashed shortcut of the -D networks for a pre-activated block: `downsample.conv` after a mean of 2×2 pixels. */
export const preActivationAveragePoolProjection: Shortcut = (g, x, { channels, stride, dilation = 1, standardise }) =>
  g.scope('downsample', 'downsample', () => {
    const pool = { name: 'pool', kernel: 2 }
    const y =
      dilation > 1
        ? g.avgPool(x, { ...pool, stride: 1, padding: [0, 1, 1, 0] })
        : stride > 1
          ? g.avgPool(x, { ...pool, stride, ceilMode: true, countIncludePad: false })
          : x
    return g.conv2d(y, { name: 'conv', channels, kernel: 1, standardise })
  })

/** The norm and activation before the block, and the shortcut, which checkpoints list before that norm. */
function enter(g: GraphBuilder, x: Value, channels: number, options: BlockOptions) {
  const { stride = 1, dilation, firstDilation, downsample, standardise } = options
  g.reserve('downsample')
  const preActivated = normAct(g, x, '1', options)
  const shortcut = downsample?.(g, preActivated, { channels, stride, dilation, firstDilation, standardise }) ?? x
  return { preActivated, shortcut }
}

function normAct(g: GraphBuilder, x: Value, name: string, options: BlockOptions): Value {
  const { norm = batchNorm, activation = relu } = options
  return activation(g, norm(g, x, { name: `norm${name}` }), { name: `act${name}` })
}

function convolve(
  g: GraphBuilder,
  x: Value,
  options: {
    name: string
    channels: number
    kernel: number
    stride: number
    dilation?: number | undefined
    groups?: number | undefined
    standardise?: number | undefined
    zeroInit?: boolean | undefined
  },
): Value {
  const { name, kernel, dilation = 1, channels, stride, groups, standardise, zeroInit } = options
  const window = { kernel, stride, dilation, padding: samePadding(kernel, dilation) }
  return g.conv2d(x, { name: `conv${name}`, channels, ...window, groups, standardise, zeroInit })
}

function requirePlainWidths(subject: string, { widthPerGroup = 64, reduceFirst = 1, pruned }: BlockOptions): void {
  if (widthPerGroup === 64 && reduceFirst === 1 && !pruned) return
  throw new OptionError({
    subject,
    expected: 'widthPerGroup 64, reduceFirst 1 and no pruned widths',
    found: `widthPerGroup ${widthPerGroup}, reduceFirst ${reduceFirst}${pruned ? ' and pruned widths' : ''}`,
    advice: 'only blocks without pre-activation have them',
  })
}
