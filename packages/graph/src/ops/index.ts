import { type ActivationAttributes, activation } from './activation.js'
import { type AddAttributes, add } from './add.js'
import { type AvgPoolAttributes, avgPool } from './avgPool.js'
import { type BatchNormAttributes, batchNorm } from './batchNorm.js'
import { type BlurPoolAttributes, blurPool } from './blurPool.js'
import { type ChannelConv1dAttributes, channelConv1d } from './channelConv1d.js'
import { type ConcatAttributes, concat } from './concat.js'
import { type Conv2dAttributes, conv2d } from './conv2d.js'
import { type DropoutAttributes, dropout } from './dropout.js'
import { type DropPathAttributes, dropPath } from './dropPath.js'
import { type GlobalPoolAttributes, globalPool } from './globalPool.js'
import { type GroupNormAttributes, groupNorm } from './groupNorm.js'
import { type InputAttributes, input } from './input.js'
import { type LinearAttributes, linear } from './linear.js'
import { type MaxPoolAttributes, maxPool } from './maxPool.js'
import { type MultiplyAttributes, multiply } from './multiply.js'
import type { Op } from './op.js'
import { type PadAttributes, pad } from './pad.js'
import { type SliceAttributes, slice } from './slice.js'
import { type SoftmaxAttributes, softmax } from './softmax.js'

/** The closed set of ops, with the attributes of each. */
export interface OpAttributes {
  /** What the caller gives to a run. */
  readonly input: InputAttributes
  /** A 2-D convolution. */
  readonly conv2d: Conv2dAttributes
  /** Batch normalisation by running statistics. */
  readonly batchNorm: BatchNormAttributes
  /** Group normalisation. */
  readonly groupNorm: GroupNormAttributes
  /** An activation, element by element. */
  readonly activation: ActivationAttributes
  /** The sum of two values. */
  readonly add: AddAttributes
  /** The product with a value, or with a gate. */
  readonly multiply: MultiplyAttributes
  /** The maximum over a sliding window. */
  readonly maxPool: MaxPoolAttributes
  /** The mean over a sliding window. */
  readonly avgPool: AvgPoolAttributes
  /** Antialiased subsampling. */
  readonly blurPool: BlurPoolAttributes
  /** A whole map to one value a channel. */
  readonly globalPool: GlobalPoolAttributes
  /** A linear layer. */
  readonly linear: LinearAttributes
  /** A convolution along the channels of pooled values. */
  readonly channelConv1d: ChannelConv1dAttributes
  /** Pixels around a map, and channels beside its own. */
  readonly pad: PadAttributes
  /** A part of a map. */
  readonly slice: SliceAttributes
  /** Values side by side along their channels. */
  readonly concat: ConcatAttributes
  /** Drops elements while training. */
  readonly dropout: DropoutAttributes
  /** Drops branches while training. */
  readonly dropPath: DropPathAttributes
  /** The softmax over the channels. */
  readonly softmax: SoftmaxAttributes
}

/** The ops there are. */
export type OpName = keyof OpAttributes

/** The rules of every op. */
export const ops: { readonly [Name in OpName]: Op<OpAttributes[Name]> } = {
  input,
  conv2d,
  batchNorm,
  groupNorm,
  activation,
  add,
  multiply,
  maxPool,
  avgPool,
  blurPool,
  globalPool,
  linear,
  channelConv1d,
  pad,
  slice,
  concat,
  dropout,
  dropPath,
  softmax,
}
