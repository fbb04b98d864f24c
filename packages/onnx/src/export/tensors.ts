import type { Parameter } from '@resnet-ts/graph'
import { bytesOfFloat32, encodeFloat16 } from '@resnet-ts/graph/floats'
import type { OnnxTensor } from '../model.js'

/** How an exported model stores its weights. */
export type WeightDType = 'float32' | 'float16'

/** A parameter as a constant of a model. It is read when its bytes are. */
export function onnxTensor(name: string, { shape, read }: Parameter, dtype: WeightDType = 'float32'): OnnxTensor {
  return {
    name,
    dtype,
    shape,
    read,
    bytes: () => (dtype === 'float32' ? bytesOfFloat32(read()) : bytesOfFloat16(read())),
  }
}

function bytesOfFloat16(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length)
  encodeFloat16(values, bytes)
  return bytes
}

/** Whole numbers as a constant: what ONNX takes for shapes, axes and the like. */
export function int64Tensor(values: readonly number[]): OnnxTensor {
  return {
    name: '',
    dtype: 'int64',
    shape: [values.length],
    read: () => Float32Array.from(values),
    bytes() {
      const bytes = new Uint8Array(8 * values.length)
      const view = new DataView(bytes.buffer)
      for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true)
      return bytes
    },
  }
}
