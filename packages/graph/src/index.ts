export type {
  Availability,
  Backend,
  Beginning,
  FusedForms,
  NodeTime,
  RunOptions,
  Session,
  SessionDescription,
} from './backend.js'
export { disposedSession, onlyInput, planInputs } from './backend.js'
export type {
  Conv2dOptions,
  NodeOptions,
  NormOptions,
  PaddingOption,
  PairOption,
  Value,
  WindowOptions,
} from './builder.js'
export { GraphBuilder } from './builder.js'
export type { Cost } from './cost.js'
export { cost } from './cost.js'
export { describeValue } from './describe.js'
export type { ErrorDetails } from './errors.js'
export { BackendError, GraphError, OptionError, ParameterError, ResnetError, ShapeError } from './errors.js'
export type { Graph, Node, Scope } from './graph.js'
export { inputsOf, selectOutputs } from './graph.js'
export { nearestNames } from './nearest.js'
export type { ActivationAttributes, ActivationKind } from './ops/activation.js'
export { activationKinds } from './ops/activation.js'
export type { AddAttributes } from './ops/add.js'
export type { AvgPoolAttributes } from './ops/avgPool.js'
export type { BatchNormAttributes } from './ops/batchNorm.js'
export type { BlurPoolAttributes } from './ops/blurPool.js'
export { blurFilter, blurPadding } from './ops/blurPool.js'
export type { ChannelConv1dAttributes } from './ops/channelConv1d.js'
export type { ConcatAttributes } from './ops/concat.js'
export type { Conv2dAttributes, Epilogue } from './ops/conv2d.js'
export type { DropoutAttributes } from './ops/dropout.js'
export type { DropPathAttributes } from './ops/dropPath.js'
export type { GlobalPoolAttributes, GlobalPoolKind } from './ops/globalPool.js'
export { globalPoolKinds } from './ops/globalPool.js'
export type { GroupNormAttributes } from './ops/groupNorm.js'
export type { OpAttributes, OpName } from './ops/index.js'
export type { InputAttributes } from './ops/input.js'
export type { LinearAttributes } from './ops/linear.js'
export type { MaxPoolAttributes } from './ops/maxPool.js'
export type { MultiplyAttributes } from './ops/multiply.js'
export type { Initial } from './ops/op.js'
export type { PadAttributes } from './ops/pad.js'
export type { Range, SliceAttributes } from './ops/slice.js'
export { resolveRange } from './ops/slice.js'
export type { SoftmaxAttributes } from './ops/softmax.js'
export type { Window } from './ops/window.js'
export type { OptionNames } from './options.js'
export { refuseUnknownOptions } from './options.js'
export type { Network, Parameter, ParameterSpec, Params } from './params.js'
export { checkParams, parameter, parameters, parametersOf, readParameter, readParameterParts } from './params.js'
export { lower, optimise } from './passes/index.js'
export type { Interpolation, Preprocess, TimmPretrainedConfig } from './preprocess.js'
export { checkPreprocess, imagenetPreprocess, preprocessFromTimm } from './preprocess.js'
export { print } from './print.js'
export type { Shapes } from './shapes.js'
export { inferShapes } from './shapes.js'
export type { SummaryNode } from './summary.js'
export { summarise } from './summary.js'
export type { DType, Shape, Tensor } from './tensor.js'
export { sizeOf, tensor } from './tensor.js'
export type { Padding, Pair, ValueType } from './value.js'
export { verify } from './verify.js'
