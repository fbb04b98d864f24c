import type { Kernel } from '@resnet-ts/backend-tfjs'
import type { ChannelConv1dAttributes } from '@resnet-ts/graph'
import type { Context } from './context.js'
import { runElementwise } from './elementwise.js'

/** Every channel with its neighbours, and zeros beyond the ends. */
export function channelConv1d({ kernel }: ChannelConv1dAttributes, weight: Float32Array, context: Context): Kernel {
  const taps = context.upload(weight.slice())
  const form = {
    name: `channelConv1d ${kernel}`,
    inputs: ['x', 'weight'],
    expression: 'convolved(index)',
    uniforms: ['channels'],
    functions: `
      fn convolved(index: i32) -> f32 {
        let channel = index % uniforms.channels;
        var sum = 0.0;
        for (var tap = 0; tap < ${kernel}; tap++) {
          let other = channel + tap - ${(kernel - 1) / 2};
          if (other >= 0 && other < uniforms.channels) { sum += weight[tap] * x[index + tap - ${(kernel - 1) / 2}]; }
        }
        return sum;
      }`,
  }
  return ([x], shape) => runElementwise(context, form, 1, [x, taps], shape, { channels: shape.at(-1) as number })
}
