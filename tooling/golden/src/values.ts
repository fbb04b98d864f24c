/**
 * Weights and inputs as a function of their key, so that none has to be stored.
 *
 * A key's FNV-1a hash seeds mulberry32, whose i-th draw, u in [0, 1), becomes the i-th element in row-major order:
 *
 * | key                                  | element                                                    |
 * | ------------------------------------ | ---------------------------------------------------------- |
 * | an input (none of the endings below) | 4u − 2                                                     |
 * | `….running_mean`, `….bias`           | 0.2 (2u − 1)                                               |
 * | `….running_var`                      | 0.5 + u                                                    |
 * | `….weight` of one axis (norms)       | 0.4 + 0.4u                                                 |
 * | any other `….weight`                 | (2u − 1) √(3 / fanIn), fanIn the product of all axes but the first |
 * | `….num_batches_tracked`              | 0                                                          |
 *
 * Computed in float64, stored as float32. `make_models.py` has the same rules in Python.
 */

/** A key of a checkpoint and its shape, in PyTorch's order of axes. */
export type GoldenKey = readonly [key: string, shape: readonly number[]]

/** A parameter that is made each time it is read; a map of these is what the graph package calls `Params`. */
export interface GoldenParameter {
  readonly shape: readonly number[]
  read(): Float32Array
}

/**
 * The elements of the tensor called `key`, in row-major order.
 *
 * @param shape in PyTorch's order of axes: OIHW for a convolution's weight, NCHW for an image
 */
export function goldenTensor(key: string, shape: readonly number[]): Float32Array {
  const values = new Float32Array(product(shape))
  switch (key.slice(key.lastIndexOf('.') + 1)) {
    case 'num_batches_tracked':
      return values
    case 'running_mean':
    case 'bias':
      return fill(values, key, signed, 0.2, 0)
    case 'running_var':
      return fill(values, key, unsigned, 1, 0.5)
    case 'weight':
      if (shape.length === 1) return fill(values, key, unsigned, 0.4, 0.4)
      return fill(values, key, signed, Math.sqrt(3 / product(shape.slice(1))), 0)
    default:
      return fill(values, key, signed, 2, 0)
  }
}

/** Every parameter of `state` by its key; each is made when it is read, and again at each reading. */
export function goldenParams(state: Iterable<GoldenKey>): ReadonlyMap<string, GoldenParameter> {
  const params = new Map<string, GoldenParameter>()
  for (const [key, shape] of state) params.set(key, { shape, read: () => goldenTensor(key, shape) })
  return params
}

/**
 * An input image, its values those of `goldenTensor(key, [n, c, h, w])`, as PyTorch sees them, moved to NHWC.
 *
 * @param shape `[n, c, h, w]`
 * @returns `shape` as `[n, h, w, c]`, and the values in that order
 */
export function goldenInput(
  shape: readonly number[],
  key = 'input',
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  return toNHWC(shape, goldenTensor(key, shape))
}

/**
 * A feature map in PyTorch's order of axes as one in ours; what has other than four axes is returned as it is.
 *
 * @param shape `[n, c, h, w]`
 * @returns `shape` as `[n, h, w, c]`, and the values in that order
 */
export function toNHWC(
  shape: readonly number[],
  data: Float32Array,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  if (shape.length !== 4) return { shape, data }
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const area = height * width
  const moved = new Float32Array(data.length)
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const from = (n * channels + c) * area
      const to = n * area * channels + c
      for (let i = 0; i < area; i++) moved[to + i * channels] = data[from + i]!
    }
  }
  return { shape: [batch, height, width, channels], data: moved }
}

/** A draw of 32 bits, b, as b · step + start: exactly u, in [0, 1), or exactly 2u − 1, in [-1, 1). */
const unsigned = { step: 2 ** -32, start: 0 }
const signed = { step: 2 ** -31, start: -1 }

/** Element i becomes `scale · draw[i] + offset`, by the i-th draw of mulberry32 (in its counter form). */
function fill(values: Float32Array, key: string, draw: typeof signed, scale: number, offset: number): Float32Array {
  const { step, start } = draw
  let counter = fnv1a(key)
  for (let i = 0; i < values.length; i++) {
    counter = (counter + 0x6d2b79f5) | 0
    let t = Math.imul(counter ^ (counter >>> 15), counter | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    values[i] = scale * (((t ^ (t >>> 14)) >>> 0) * step + start) + offset
  }
  return values
}

/** The 32-bit FNV-1a hash of a key's UTF-8 bytes. */
function fnv1a(key: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash | 0
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}
