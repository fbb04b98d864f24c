/** The sum of `left[i] · right[offset + i]` over all of `left`. */
export function dot(left: Float64Array, right: Float32Array, offset: number): number {
  // Four sums side by side, since the processor need not wait for one to start on the next; in float64, the order in
  // which products are added does not show in a float32 result.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < left.length; i += 4) {
    a += left[i] * right[offset + i]
    b += left[i + 1] * right[offset + i + 1]
    c += left[i + 2] * right[offset + i + 2]
    d += left[i + 3] * right[offset + i + 3]
  }
  for (; i < left.length; i++) a += left[i] * right[offset + i]
  return a + b + c + d
}
