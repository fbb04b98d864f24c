import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { type Block, type BlockOptions, subsampling } from './block.js'
import { batchNorm, relu, samePadding } from './convNormAct.js'
import type { Shortcut } from './shortcuts.js'

/**
 * Two 3×3 convolutions, each after a norm and an activation (He et al. 2016b; timm `PreActBasic`): the block of
 * ResNet-18 and ResNet-34 v2. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 */
export const preActivationBasicBlock: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, dilation } = options
    const { stride, dilation: firstDilation } = subsampling(options)
    const { preActivated, shortcut } = enter(g, x, channels, options)
    const y = convolve(g, preActivated, { ...options, name: '1', channels, kernel: 3, stride, dilation: firstDilation })
    const z = convolve(g, normAct(g, y, '2', options), {
      ...options,
      name: '2',
      channels,
      kernel: 3,
      stride: 1,
      dilation,
    })
    return leave(g, z, shortcut, options)
  },
  { expansion: 1, kind: 'preActivationBasicBlock' },
)

/**
 * The bottleneck whose convolutions each come after a norm and an activation (He et al. 2016b; timm
 * `PreActBottleneck`). `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, 4 · channels]`.
 */
export const preActivationBottleneck: Block = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, options: BlockOptions): Value => {
    const { channels, groups } = options
    const { stride, dilation } = subsampling(options)
    const { preActivated, shortcut } = enter(g, x, channels * 4, options)
    const pointwise = { ...options, kernel: 1, stride: 1, dilation: 1 }
    const y = convolve(g, preActivated, { ...pointwise, name: '1', channels })
    const spatial = { ...options, name: '2', channels, kernel: 3, stride, dilation, groups }
    const z = convolve(g, normAct(g, y, '2', options), spatial)
    const wide = convolve(g, normAct(g, z, '3', options), { ...pointwise, name: '3', channels: channels * 4 })
    return leave(g, wide, shortcut, options)
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
  },
): Value {
  const { name, channels, kernel, stride, dilation = 1, groups, standardise } = options
  const padding = samePadding(kernel, dilation)
  return g.conv2d(x, { name: `conv${name}`, channels, kernel, stride, padding, dilation, groups, standardise })
}

function leave(g: GraphBuilder, branch: Value, shortcut: Value, { dropPathRate = 0 }: BlockOptions): Value {
  return g.add(dropPathRate > 0 ? g.dropPath(branch, { rate: dropPathRate }) : branch, shortcut)
}
