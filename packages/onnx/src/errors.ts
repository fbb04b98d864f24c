import { ResnetError } from '@resnet-ts/graph'

/** A file that is no whole ONNX model, or a model that cannot be read, written or exported. */
export class OnnxError extends ResnetError {
  override readonly name: string = 'OnnxError'
}
