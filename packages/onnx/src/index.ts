export type { OnnxDType } from './dtypes.js'
export { OnnxError } from './errors.js'
export { exportOnnx, toOnnx } from './export/exportOnnx.js'
export type { OnnxOptions } from './export/options.js'
export type { WeightDType } from './export/tensors.js'
export { onnxTensor } from './export/tensors.js'
export type {
  OnnxAttribute,
  OnnxAttributeValues,
  OnnxGraph,
  OnnxInteger,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from './model.js'
export { readOnnx } from './read/readOnnx.js'
export type { OnnxStream } from './write/writeOnnx.js'
export { streamOnnx, writeOnnx } from './write/writeOnnx.js'
