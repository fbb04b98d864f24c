/**
 * Every filter `[in / groups, kernelHeight, kernelWidth]` of `weight` `[out, …]` with mean 0 and deviation 1:
 * `(w − mean) / √(variance + epsilon)`, the variance over the filter's own values.
 */
export function standardise(weight: Float32Array, outChannels: number, epsilon: number): Float32Array {
  const size = weight.length / outChannels
  const result = new Float32Array(weight.length)
  for (let out = 0; out < outChannels; out++) {
    const filter = Float64Array.from(weight.subarray(out * size, (out + 1) * size))
    const mean = filter.reduce((sum, value) => sum + value, 0) / size
    const variance = filter.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size
    result.set(
      filter.map((value) => (value - mean) / Math.sqrt(variance + epsilon)),
      out * size,
    )
  }
  return result
}
