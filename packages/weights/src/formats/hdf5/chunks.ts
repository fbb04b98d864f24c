import { sizeOf } from '@resnet-ts/graph'
import { describeShape } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { inflate } from '../zip/inflate.js'
import { treeLeaves } from './group.js'
import { readerAt } from './header.js'

/** How much more than the file's own size all chunks of an array may hold together. */
const mostInflation = 64 * 2 ** 20

/** An array in chunks of one shape, those at the edges not filled. */
export interface Chunked {
  readonly shape: readonly number[]
  /** Bytes an element. */
  readonly width: number
  readonly chunk: readonly number[]
  /** The address of the tree of chunks. */
  readonly tree: number
  readonly filters: readonly number[]
}

const filterNames = { deflate: 1, shuffle: 2, checksum: 3 } as const

/** The elements of an array in chunks, row by row; of chunks that are not there, zeros. */
export function readChunks(file: Uint8Array, layout: Chunked): Uint8Array {
  const { shape, width, chunk, tree, filters } = layout
  const whole = readerAt(file, 0, 'chunks')
  const size = sizeOf(chunk) * width
  const array = new Uint8Array(sizeOf(shape) * width)
  const places = new Set<string>()
  for (const { key, child } of treeLeaves(file, tree, { type: 1, keySize: 16 + 8 * shape.length })) {
    const reader = new ByteReader(key, 'HDF5 chunk')
    const stored = reader.u32()
    const skipped = reader.u32()
    const at = shape.map(() => reader.u64())
    if (at.some((start, axis) => start >= shape[axis]! || start % chunk[axis]! !== 0)) {
      reader.fail('a chunk within its array', `one at ${describeShape(at)}`)
    }
    if (places.size === places.add(at.join()).size) reader.fail('every chunk once', `a second at ${describeShape(at)}`)
    if (places.size * size > file.length + mostInflation)
      reader.fail('chunks of the size of a checkpoint’s', 'far more')
    const data = unfilter(readerAt(file, child, 'chunk').take(stored), { filters, skipped, size, width })
    if (data.length < size) whole.fail(`${size} bytes in a chunk`, String(data.length))
    place(array, data, at, layout)
  }
  return array
}

function unfilter(
  stored: Uint8Array,
  { filters, skipped, size, width }: { filters: readonly number[]; skipped: number; size: number; width: number },
): Uint8Array {
  let data = stored
  for (const [index, filter] of [...filters.entries()].reverse()) {
    if (skipped & (1 << index)) continue
    if (filter === filterNames.deflate)
      data = inflate('HDF5 chunk', data, sizeBefore(filters.slice(0, index), size), 'zlib')
    else if (filter === filterNames.shuffle) data = unshuffle(data, width)
    else if (filter === filterNames.checksum) data = data.subarray(0, Math.max(0, data.length - 4))
    else readerAt(stored, 0, 'chunk').fail('chunks that are deflated, shuffled or as they are', `filter ${filter}`)
  }
  return data
}

/** How many bytes a chunk has after these filters: a checksum takes four. */
function sizeBefore(filters: readonly number[], size: number): number {
  return size + 4 * filters.filter((filter) => filter === filterNames.checksum).length
}

/** Shuffling puts the first bytes of all elements first, then all the second ones, and so on. */
function unshuffle(shuffled: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(shuffled.length / width)
  const data = shuffled.slice()
  for (let byte = 0, from = 0; byte < width; byte++) {
    for (let element = 0; element < count; element++) data[element * width + byte] = shuffled[from++]!
  }
  return data
}

/** Puts a chunk's rows where they belong, but for what lies beyond the array's edges. */
function place(array: Uint8Array, data: Uint8Array, at: readonly number[], { shape, chunk, width }: Chunked): void {
  const last = shape.length - 1
  const used = chunk.map((side, axis) => Math.min(side, shape[axis]! - at[axis]!))
  const rows = sizeOf(used.slice(0, last))
  const index = used.map(() => 0)
  for (let row = 0; row < rows; row++) {
    let from = 0
    let to = 0
    for (let axis = 0; axis <= last; axis++) {
      from = from * chunk[axis]! + index[axis]!
      to = to * shape[axis]! + at[axis]! + index[axis]!
    }
    array.set(data.subarray(from * width, (from + used[last]!) * width), to * width)
    for (let axis = last - 1; axis >= 0 && ++index[axis]! === used[axis]; axis--) index[axis] = 0
  }
}
