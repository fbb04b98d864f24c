import { ResnetError } from '@resnet-ts/graph'

/** A file that is no whole ONNX model, or a model that cannot be read, written or exported. */
export class OnnxError extends ResnetError {
  /** `OnnxError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'OnnxError'
}
