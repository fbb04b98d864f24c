import type { GroupNormAttributes } from '@resnet-ts/graph'
import type { Context, Kernel } from '../kernel.js'

export function groupNorm(
  { channels, groups, epsilon }: GroupNormAttributes,
  weight: Float32Array,
  bias: Float32Array,
  { tf, upload }: Context,
): Kernel {
  // Copies, because these can be views of a whole checkpoint.
  const scale = upload([channels], weight.slice())
  const shift = upload([channels], bias.slice())
  return ([x], shape) => {
    const [batch, height, width] = x.shape
    const grouped = tf.reshape(x, [batch, height * width, groups, channels / groups])
    const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true))
    const variance = tf.mean(tf.square(centred), [1, 3], true)
    const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)))
    return tf.add(tf.mul(tf.reshape(normalised, [...shape]), scale), shift)
  }
}
