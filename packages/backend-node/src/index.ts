export type { ExecutionProvider, OnnxruntimeOptions } from './onnxruntime.js'
export { onnxruntime } from './onnxruntime.js'
