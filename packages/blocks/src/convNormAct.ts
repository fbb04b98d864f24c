import type { GraphBuilder, PairOption, Value } from '@resnet-ts/graph'

/** A normalisation as blocks take it; `name` is its place in the checkpoint. */
export type Norm = (g: GraphBuilder, x: Value, options: { name: string; zeroInit?: boolean | undefined }) => Value

/** An activation as blocks take it. */
export type Activation = (g: GraphBuilder, x: Value, options: { name: string }) => Value

/** Batch normalisation with PyTorch's epsilon, 1e-5: the norm of most residual networks. */
export const batchNorm: Norm = (g, x, options) => g.batchNorm(x, options)

/** Group normalisation with 32 groups (Wu and He 2018), as timm's `GroupNorm`. */
export const groupNorm: Norm = (g, x, options) => g.groupNorm(x, { groups: 32, ...options })

/** The rectifier: the activation of most residual networks. */
export const relu: Activation = (g, x, options) => g.relu(x, options)

/** x·sigmoid(x), also called swish. */
export const silu: Activation = (g, x, options) => g.activation(x, 'silu', options)

/** What `convNorm` and `convNormAct` take. */
export interface ConvNormOptions {
  /** What follows `conv`, `bn` and `act` in the names of the nodes: `'1'` gives `conv1`, `bn1`, `act1`. */
  readonly name: string
  /** How many channels it yields. */
  readonly channels: number
  /** The size of the filters in both directions, in pixels; odd. */
  readonly kernel: number
  /** How far the filters move, in pixels. @defaultValue 1 */
  readonly stride?: PairOption | undefined
  /** Pixels from one tap of a filter to the next. @defaultValue 1 */
  readonly dilation?: number | undefined
  /** How many parts the channels fall into, each convolved by itself. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Gives the convolution a bias of its own, as Keras's have one. @defaultValue false */
  readonly bias?: boolean | undefined
  /** What follows the convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** Starts the norm's weight at zero. @defaultValue false */
  readonly zeroInit?: boolean | undefined
}

/**
 * Convolution, then norm: `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]` for an odd kernel, which is
 * padded by `dilation · (kernel − 1) / 2` on every side.
 */
export function convNorm(g: GraphBuilder, x: Value, options: ConvNormOptions): Value {
  const { name, channels, kernel, stride, dilation = 1, groups, bias, norm = batchNorm, zeroInit } = options
  const padding = samePadding(kernel, dilation)
  const y = g.conv2d(x, { name: `conv${name}`, channels, kernel, stride, padding, dilation, groups, bias })
  return norm(g, y, { name: `bn${name}`, zeroInit })
}

/** The padding on each side with which an odd kernel keeps the size of a map. */
export function samePadding(kernel: number, dilation: number): number {
  return Math.floor((dilation * (kernel - 1)) / 2)
}

/** Convolution, norm, activation: what residual networks are made of. Shapes as in `convNorm`. */
export function convNormAct(
  g: GraphBuilder,
  x: Value,
  options: ConvNormOptions & {
    /** @defaultValue relu */
    readonly activation?: Activation | undefined
  },
): Value {
  return (options.activation ?? relu)(g, convNorm(g, x, options), { name: `act${options.name}` })
}
