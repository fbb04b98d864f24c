/** Numbers as little-endian bytes of 32 bits each, written into `bytes` from `offset` on. */
export function writeFloats(vector: Float32Array, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, vector.length * 4)
  for (let index = 0; index < vector.length; index++) view.setFloat32(index * 4, vector[index]!, true)
}

/** Numbers from little-endian bytes, of 32 or of 64 bits each; the latter are rounded. */
export function readFloats(bytes: Uint8Array, offset: number, count: number, size: 4 | 8 = 4): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * size)
  const vector = new Float32Array(count)
  if (size === 4) for (let index = 0; index < count; index++) vector[index] = view.getFloat32(index * 4, true)
  else for (let index = 0; index < count; index++) vector[index] = view.getFloat64(index * 8, true)
  return vector
}

/** Of the numbers of 64 bits that are the same in 32, one with the fewest decimal digits. */
export function shortest(value: number): number {
  // Six digits always survive the way through 32 bits, and nine always tell two such numbers apart.
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return rounded
  }
  return Number(value.toPrecision(9))
}
