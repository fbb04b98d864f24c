import type { LinearAttributes } from '@resnet-ts/graph'
import { fused } from '@tensorflow/tfjs-core'
import type { Kernel, Upload } from '../kernel.js'

export function linear(
  { inChannels, outChannels }: LinearAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  upload: Upload,
): Kernel {
  // `[in, out]`, the layout for which the wasm backend has a fast kernel.
  const transposed = new Float32Array(weight.length)
  for (let out = 0; out < outChannels; out++) {
    for (let channel = 0; channel < inChannels; channel++) {
      transposed[channel * outChannels + out] = weight[out * inChannels + channel]
    }
  }
  const b = upload([inChannels, outChannels], transposed)
  const added = bias && { bias: upload([outChannels], bias.slice()) }
  return ([a]) => fused.matMul({ a, b, ...added })
}
