import type { LinearAttributes } from '@resnet-ts/graph'
import type { Context, Kernel } from '../kernel.js'
import { transposed } from './transposed.js'

export function linear(
  { inChannels, outChannels }: LinearAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  { tf, upload }: Context,
): Kernel {
  // `[in, out]`, the layout for which the wasm backend has a fast kernel.
  const b = upload([inChannels, outChannels], transposed(weight, outChannels, inChannels))
  const offset = bias && { bias: upload([outChannels], bias.slice()) }
  return ([a]) => tf.fused.matMul({ a, b, ...offset })
}
