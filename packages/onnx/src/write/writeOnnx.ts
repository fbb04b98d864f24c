import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { OnnxError } from '../errors.js'
import type { OnnxModel, OnnxTensor } from '../model.js'
import {
  dataOf,
  dataSizeOf,
  varint,
  writeEntry,
  writeMessage,
  writeNodes,
  writeOpset,
  writeTensorHead,
  writeText,
  writeValueInfos,
} from './messages.js'

/** The size that protocol buffers, and so ONNX files, may have at most. */
const largest = 2 ** 31 - 1

/** An ONNX file that is written piece by piece. */
export interface OnnxStream {
  /** The size of the whole file. */
  readonly byteLength: number
  /** The file's bytes in order, each piece made when it is asked for. Use it before the next; do not write to it. */
  readonly chunks: Iterable<Uint8Array>
}

/**
 * Writes an ONNX file. The same model gives the same bytes. Each tensor's elements are read once and written to their
 * place, aligned to four bytes, so that writing takes the file's size and that of the largest tensor.
 *
 * @throws {OnnxError} when it would be larger than 2 GiB, or a tensor is not of numbers or not as large as its shape
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const { byteLength, chunks } = streamOnnx(model)
  const file = new Uint8Array(byteLength)
  let at = 0
  for (const chunk of chunks) {
    file.set(chunk, at)
    at += chunk.length
  }
  return file
}

/**
 * Writes an ONNX file as `writeOnnx` does, piece by piece, which takes no more than the size of the largest tensor.
 *
 * @throws {OnnxError} when it would be larger than 2 GiB, or a tensor is not of numbers; while chunks are read also when
 * one is not as large as its shape
 */
export function streamOnnx(model: OnnxModel): OnnxStream {
  requireSize(model.graph.initializers.reduce((sum, tensor) => sum + dataSizeOf(tensor), 0))
  const pieces = layOut(model)
  const byteLength = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0)
  requireSize(byteLength)
  return { byteLength, chunks: { [Symbol.iterator]: () => chunksOf(pieces) } }
}

function requireSize(bytes: number): void {
  if (bytes <= largest) return
  throw new OnnxError({
    subject: 'ONNX file',
    expected: 'at most 2 GiB, the largest that the format allows',
    found: `${bytes} bytes`,
    advice: 'store the weights as float16',
  })
}

/** A part of a file: bytes, or those of a tensor's elements. */
type Piece = Uint8Array | OnnxTensor

function sizeOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : dataSizeOf(piece)
}

function* chunksOf(pieces: readonly Piece[]): Generator<Uint8Array> {
  for (const piece of pieces) yield piece instanceof Uint8Array ? piece : dataOf(piece)
}

/** `ModelProto`. */
function layOut(model: OnnxModel): Piece[] {
  const head = written((writer) => {
    writer.tag(1, WireType.Varint).int64(model.irVersion)
    writeText(writer, 2, model.producerName)
    writer.tag(7, WireType.LengthDelimited)
  })
  const tail = written((writer) => {
    for (const [domain, version] of model.opsets) writeMessage(writer, 8, () => writeOpset(writer, domain, version))
    for (const [key, value] of model.metadata) writeMessage(writer, 14, () => writeEntry(writer, key, value))
  })
  return [head, ...layOutGraph(model, head.length), tail]
}

/**
 * The length of a `GraphProto` and the graph itself.
 *
 * Where a tensor's elements come to lie, and so how many bytes align them, depends on how long the number is that says
 * how long the graph is.
 *
 * @param start - where the length stands in the file
 */
function layOutGraph({ graph }: OnnxModel, start: number): Piece[] {
  const head = written((writer) => writeNodes(writer, graph))
  const tail = written((writer) => writeValueInfos(writer, graph))
  for (let lengthSize = 1; ; lengthSize++) {
    const pieces: Piece[] = [head]
    let size = head.length
    for (const tensor of graph.initializers) {
      const tensorHead = alignedHead(tensor, start + lengthSize + size)
      pieces.push(tensorHead, tensor)
      size += tensorHead.length + dataSizeOf(tensor)
    }
    pieces.push(tail)
    size += tail.length
    if (size < 2 ** (7 * lengthSize)) return [varint(size, lengthSize), ...pieces]
  }
}

/**
 * The field of an initialiser up to its elements, which begin at a multiple of four bytes.
 *
 * @param start - where the field stands in the file
 */
function alignedHead(tensor: OnnxTensor, start: number): Uint8Array {
  for (let filling = 0; ; filling++) {
    const inner = written((writer) => writeTensorHead(writer, tensor, filling))
    const head = written((writer) => {
      writer
        .tag(5, WireType.LengthDelimited)
        .uint32(inner.length + dataSizeOf(tensor))
        .raw(inner)
    })
    if ((start + head.length) % 4 === 0) return head
  }
}

function written(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter()
  write(writer)
  return writer.finish()
}
