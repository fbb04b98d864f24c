import { sizeOf } from '@resnet-ts/graph'
import type { Checkpoint, CheckpointTensor } from '../../checkpoint.js'
import { decode } from '../../dtypes.js'
import { CheckpointError } from '../../errors.js'
import { describeShape, quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { bytesPerElement, isCounts, numpyTypes } from '../pickle/names.js'
import { rowByRow } from '../torch/tensors.js'

/** NumPy refuses longer headers too. */
const longestHeader = 10_000

/** The bytes of a `.npy` file, which may be compressed in an archive: the header is read first, the rest when needed. */
export interface NpySource {
  readonly size: number
  readStart(length: number): Uint8Array
  read(): Uint8Array
}

/**
 * The one array of a `.npy` file, called `array`
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @throws {CheckpointError} when it is malformed, or holds anything but plain little-endian numbers
 */
export function parseNpy(bytes: Uint8Array): Checkpoint {
  const source = { size: bytes.length, read: () => bytes, readStart: (length: number) => bytes.subarray(0, length) }
  return { format: 'npy', metadata: {}, tensors: new Map([['array', npyTensor('array', source)]]) }
}

/** The array in one `.npy` file, called `name`. */
export function npyTensor(name: string, source: NpySource): CheckpointTensor {
  const reader = new ByteReader(source.readStart(longestHeader + 12), `array ${quote(name)}`)
  const { code, fortranOrder, shape } = readHeader(reader)
  const dtype = dtypeOf(reader, code)
  const start = reader.at
  const size = sizeOf(shape) * bytesPerElement.get(dtype)!
  if (size !== source.size - start) {
    reader.fail(`${size} bytes of ${dtype} ${describeShape(shape)}`, `${source.size - start} after the header`)
  }
  return {
    dtype,
    shape,
    read() {
      const data = source.read().subarray(start)
      return decode(name, dtype, fortranOrder ? rowByRow(data, shape, bytesPerElement.get(dtype)!) : data)
    },
  }
}

interface Header {
  readonly code: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/** Eight bytes of magic and version, the header's length, and the header: a Python dictionary of three entries. */
function readHeader(reader: ByteReader): Header {
  const magic = String.fromCharCode(...reader.take(6))
  if (magic !== '\x93NUMPY') reader.fail("'\\x93NUMPY' at its start", 'something else')
  const version = reader.u8()
  reader.u8()
  if (version < 1 || version > 3) reader.fail('version 1, 2 or 3', String(version))
  const length = version === 1 ? reader.u16() : reader.u32()
  if (length > longestHeader) reader.fail(`a header of at most ${longestHeader} bytes`, String(length))
  return readDictionary(reader, new TextDecoder('latin1').decode(reader.take(length).slice()))
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 7, 7), }`: read as text, and no Python is interpreted. */
function readDictionary(reader: ByteReader, text: string): Header {
  if (/'descr':\s*[[(]/.test(text)) reader.fail('an array of numbers', 'a structured one')
  const code = /'descr':\s*'([^']{1,16})'/.exec(text)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1]
  const sizes = /'shape':\s*\(([\dL, ]*)\)/.exec(text)?.[1]
  if (code === undefined || order === undefined || sizes === undefined) {
    return reader.fail("a header of 'descr', 'fortran_order' and 'shape'", quote(text))
  }
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map((size) => (/^\d{1,16}L?$/.test(size) ? Number.parseInt(size, 10) : Number.NaN))
  if (!isCounts(shape) || !Number.isSafeInteger(sizeOf(shape))) reader.fail('a shape of whole numbers', quote(sizes))
  return { code, fortranOrder: order === 'True', shape }
}

function dtypeOf(reader: ByteReader, code: string): string {
  if (/^[|<]?O/.test(code)) {
    reader.fail('an array of numbers', 'one of Python objects', 'save its numbers alone, each as an array of its own')
  }
  const dtype = numpyTypes.get(code.replace(/^[<|=]/, ''))
  // Of one-byte elements the order says nothing.
  if (dtype !== undefined) return dtype
  if (code.startsWith('>') && numpyTypes.has(code.slice(1))) {
    return reader.fail('little-endian numbers', 'big-endian ones', "save it again as array.astype('<f4')")
  }
  throw new CheckpointError({
    subject: 'NumPy array',
    expected: 'elements of a floating-point or integer type',
    found: quote(code),
    advice: "save it again as array.astype('float32')",
  })
}
