/**
 * 32-bit floats from and to the bytes of little-endian float32, float16 (IEEE 754 binary16) and bfloat16. What is not
 * a number stays so, and encoding rounds to nearest, ties to even.
 */

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Scales a float16 whose bits stand where those of a float32 do to its value: the exponents' biases differ by 112. */
const rebias = 2 ** 112

/** A view of `bytes` where that can be, else a copy. */
export function decodeFloat32(bytes: Uint8Array): Float32Array {
  if (littleEndian) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
    return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return new Float32Array(bytes.length / 4).map((_, index) => view.getFloat32(4 * index, true))
}

/** A view of `values` where that can be, else a copy. */
export function encodeFloat32(values: Float32Array): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true)
  return bytes
}

export function decodeFloat16(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length / 2)
  const bits = new Uint32Array(values.buffer)
  for (let index = 0; index < values.length; index++) {
    const code = bytes[2 * index] | (bytes[2 * index + 1] << 8)
    const magnitude = code & 0x7fff
    bits[index] = magnitude << 13
    if (magnitude < 0x7c00) values[index] *= rebias
    else bits[index] |= 0x7f800000
    bits[index] |= (code & 0x8000) << 16
  }
  return values
}

export function encodeFloat16(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length)
  const scratch = new Float32Array(1)
  const bits = new Uint32Array(scratch.buffer)
  const roundings = float16Roundings()
  for (let index = 0; index < values.length; index++) {
    scratch[0] = values[index]
    const sign = (bits[0] >>> 16) & 0x8000
    const magnitude = bits[0] & 0x7fffffff
    let code: number
    if (magnitude > 0x7f800000) code = 0x7e00 | ((magnitude >>> 13) & 0x3ff)
    // From 65520 on, halfway beyond the largest float16, values round to infinity.
    else if (magnitude >= 0x477ff000) code = 0x7c00
    else {
      const rounding = roundings[magnitude >>> 23]
      scratch[0] = (Math.abs(scratch[0]) + rounding - rounding) / rebias
      code = bits[0] >>> 13
    }
    bytes[2 * index] = code
    bytes[2 * index + 1] = (sign | code) >>> 8
  }
  return bytes
}

/**
 * For each exponent of a float32, what is added and taken off again in float64 to round to the last of the ten bits that
 * float16 has, or to its smallest number.
 */
function float16Roundings(): Float64Array {
  return Float64Array.from({ length: 256 }, (_, exponent) => 1.5 * 2 ** (52 + Math.max(exponent - 127 - 10, -24)))
}

export function decodeBfloat16(bytes: Uint8Array): Float32Array {
  const bits = new Uint32Array(bytes.length / 2)
  for (let index = 0; index < bits.length; index++) {
    bits[index] = (bytes[2 * index] << 16) | (bytes[2 * index + 1] << 24)
  }
  return new Float32Array(bits.buffer)
}
