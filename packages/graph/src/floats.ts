/**
 * 32-bit floats from and to the bytes of little-endian F32, F16 (IEEE 754 binary16) and BF16, and from F64. All but the
 * last works on bit patterns, so NaN payloads, signed zeros and subnormals survive. Encoding rounds to nearest, ties to even, as the
 * hardware and PyTorch do; what is too large for F16 becomes infinite.
 */

const platformIsLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** The F32 values of `bytes`: a view of them where that can be, else a copy. */
export function decodeFloat32(bytes: Uint8Array, littleEndian = platformIsLittleEndian): Float32Array {
  if (littleEndian) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
    return new Float32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const bits = new Uint32Array(bytes.length / 4)
  for (let index = 0; index < bits.length; index++) bits[index] = view.getUint32(4 * index, true)
  return new Float32Array(bits.buffer)
}

/** Each rounded to the nearest F32; what is too large becomes infinite. */
export function decodeFloat64(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const values = new Float32Array(bytes.length / 8)
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat64(8 * index, true)
  return values
}

/** F16 to F32, which loses nothing. */
export function decodeFloat16(bytes: Uint8Array): Float32Array {
  const bits = new Int32Array(bytes.length / 2)
  for (let index = 0; index < bits.length; index++) {
    bits[index] = bitsOfFloat16(bytes[2 * index]! | (bytes[2 * index + 1]! << 8))
  }
  return new Float32Array(bits.buffer)
}

/** BF16 to F32, which loses nothing. */
export function decodeBfloat16(bytes: Uint8Array): Float32Array {
  const bits = new Int32Array(bytes.length / 2)
  for (let index = 0; index < bits.length; index++) {
    bits[index] = (bytes[2 * index]! << 16) | (bytes[2 * index + 1]! << 24)
  }
  return new Float32Array(bits.buffer)
}

/** The little-endian bytes of F32 values: a view of them where that can be, else a copy. */
export function bytesOfFloat32(values: Float32Array, littleEndian = platformIsLittleEndian): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const bytes = new Uint8Array(values.byteLength)
  const view = new DataView(bytes.buffer)
  bitsOf(values).forEach((bits, index) => {
    view.setUint32(4 * index, bits, true)
  })
  return bytes
}

/**
 * The little-endian bytes of F32 values, copied.
 *
 * @param target - of exactly the size that `values` need
 */
export function encodeFloat32(values: Float32Array, target: Uint8Array): void {
  target.set(bytesOfFloat32(values))
}

/**
 * F32 to F16: rounded to nearest, ties to even; what is beyond 65504 becomes infinite.
 *
 * @param target - of exactly the size that `values` need, two bytes each
 */
export function encodeFloat16(values: Float32Array, target: Uint8Array): void {
  encode16(values, target, float16OfBits)
}

/**
 * F32 to BF16: rounded to nearest, ties to even.
 *
 * @param target - of exactly the size that `values` need, two bytes each
 */
export function encodeBfloat16(values: Float32Array, target: Uint8Array): void {
  encode16(values, target, bfloat16OfBits)
}

function encode16(values: Float32Array, target: Uint8Array, round: (bits: number) => number): void {
  const bits = bitsOf(values)
  for (let index = 0; index < bits.length; index++) {
    const code = round(bits[index]!)
    target[2 * index] = code
    target[2 * index + 1] = code >>> 8
  }
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}

function bitsOfFloat16(code: number): number {
  const sign = (code & 0x8000) << 16
  const magnitude = code & 0x7fff
  // Normal numbers need the other bias: 127 instead of 15.
  if (magnitude >= 0x400 && magnitude < 0x7c00) return sign | ((magnitude << 13) + 0x38000000)
  if (magnitude >= 0x7c00) return sign | 0x7f800000 | ((magnitude & 0x3ff) << 13)
  if (magnitude === 0) return sign
  // A subnormal is magnitude × 2⁻²⁴: shift its leading one out, into the place of the implicit one.
  const shift = Math.clz32(magnitude) - 21
  return sign | ((113 - shift) << 23) | (((magnitude << shift) & 0x3ff) << 13)
}

function float16OfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7c00 | ((magnitude >>> 13) & 0x3ff || 0x200)
  // From 65520 on, halfway beyond the largest F16, values round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // From 2⁻¹⁴ on they are normal: rebias, and round the 13 bits that go by what is left of them.
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  // Below 2⁻²⁵, half of the smallest F16, they are zero.
  if (magnitude < 0x33000000) return sign
  const significand = (magnitude & 0x7fffff) | 0x800000
  const shift = 126 - (magnitude >>> 23)
  const kept = significand >>> shift
  const lost = significand & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return sign | (lost > half || (lost === half && kept & 1) ? kept + 1 : kept)
}

function bfloat16OfBits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x7f) === 0 ? (bits >>> 16) | 0x40 : bits >>> 16
  // The carry of rounding up may reach the exponent, and infinity: that is right.
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}
