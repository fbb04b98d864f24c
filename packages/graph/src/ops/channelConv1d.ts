import { sizeOf } from '../tensor.js'
import { type Op, requireWhole } from './op.js'

/**
 * A 1-D convolution along the channels of pooled values, `[n, 1, 1, c]` or `[n, c]`, zero-padded to keep their
 * number: efficient channel attention (Wang et al. 2019). `weight` is `[1, 1, kernel]`.
 */
export interface ChannelConv1dAttributes {
  /** Odd. */
  readonly kernel: number
}

export const channelConv1d: Op<ChannelConv1dAttributes> = {
  arity: [1, 1],
  type(inputs, { kernel }, fail) {
    requireWhole('kernel', kernel, 1, fail)
    if (kernel % 2 === 0) fail('an odd kernel', String(kernel))
    return inputs[0]!
  },
  shape([x], _attributes, fail) {
    if (x!.length === 4 && (x![1] !== 1 || x![2] !== 1)) fail('pooled values [n, 1, 1, c]', `[${x!.join(', ')}]`)
    return x!
  },
  parameters: ({ kernel }) => [{ suffix: 'weight', shape: [1, 1, kernel], initial: 'kaimingUniform', trainable: true }],
  macs: (output, { kernel }) => sizeOf(output) * kernel,
  print: ({ kernel }) => `kernel ${kernel}`,
}
