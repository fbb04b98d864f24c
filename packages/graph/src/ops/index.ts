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
  readonly input: InputAttributes
  readonly conv2d: Conv2dAttributes
  readonly batchNorm: BatchNormAttributes
  readonly groupNorm: GroupNormAttributes
  readonly activation: ActivationAttributes
  readonly add: AddAttributes
  readonly multiply: MultiplyAttributes
  readonly maxPool: MaxPoolAttributes
  readonly avgPool: AvgPoolAttributes
  readonly blurPool: BlurPoolAttributes
  readonly globalPool: GlobalPoolAttributes
  readonly linear: LinearAttributes
  readonly channelConv1d: ChannelConv1dAttributes
  readonly pad: PadAttributes
  readonly slice: SliceAttributes
  readonly concat: ConcatAttributes
  readonly dropout: DropoutAttributes
  readonly dropPath: DropPathAttributes
  readonly softmax: SoftmaxAttributes
}

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
