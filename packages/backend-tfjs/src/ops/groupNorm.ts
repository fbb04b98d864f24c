import type { GroupNormAttributes } from '@resnet-ts/graph'
import { add, mean, mul, reshape, rsqrt, square, sub } from '@tensorflow/tfjs-core'
import type { Kernel, Upload } from '../kernel.js'

export function groupNorm(
  { channels, groups, epsilon }: GroupNormAttributes,
  weight: Float32Array,
  bias: Float32Array,
  upload: Upload,
): Kernel {
  // Copies: tfjs may keep what it is given, and these can be views of a whole checkpoint.
  const scale = upload([channels], weight.slice())
  const shift = upload([channels], bias.slice())
  return ([x]) => {
    const [batch, height, width] = x.shape
    const grouped = reshape(x, [batch, height * width, groups, channels / groups])
    const centred = sub(grouped, mean(grouped, [1, 3], true))
    const variance = mean(square(centred), [1, 3], true)
    const normalised = mul(centred, rsqrt(add(variance, epsilon)))
    return add(mul(reshape(normalised, [batch, height, width, channels]), scale), shift)
  }
}
