import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { codeOf, elementTypeOf } from '../dtypes.js'
import { OnnxError } from '../errors.js'
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValueInfo } from '../model.js'
import { describeShape, quote } from '../text.js'

// The messages of ONNX, their fields in the order of their numbers. What is empty is left out.

/** A field that holds a message. */
export function writeMessage(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}

export function writeText(writer: BinaryWriter, field: number, text: string): void {
  if (text !== '') writer.tag(field, WireType.LengthDelimited).string(text)
}

/** `StringStringEntryProto`. */
export function writeEntry(writer: BinaryWriter, key: string, value: string): void {
  writeText(writer, 1, key)
  writeText(writer, 2, value)
}

/** `OperatorSetIdProto`. */
export function writeOpset(writer: BinaryWriter, domain: string, version: number): void {
  writeText(writer, 1, domain)
  writer.tag(2, WireType.Varint).int64(version)
}

/** `NodeProto`. */
function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  // An empty name stands for an input that is left out.
  for (const input of node.inputs) writer.tag(1, WireType.LengthDelimited).string(input)
  for (const output of node.outputs) writer.tag(2, WireType.LengthDelimited).string(output)
  writeText(writer, 3, node.name)
  writeText(writer, 4, node.opType)
  for (const [name, attribute] of node.attributes) {
    writeMessage(writer, 5, () => writeAttribute(writer, name, attribute))
  }
  writeText(writer, 7, node.domain)
}

/** `ValueInfoProto`. */
function writeValueInfo(writer: BinaryWriter, { name, dtype, shape }: OnnxValueInfo): void {
  writeText(writer, 1, name)
  if (dtype === undefined) return
  const writeType = () => {
    writer.tag(1, WireType.Varint).int32(codeOf(dtype))
    if (shape) writeMessage(writer, 2, () => writeShape(writer, shape))
  }
  writeMessage(writer, 2, () => writeMessage(writer, 1, writeType))
}

/** `TensorShapeProto`. */
function writeShape(writer: BinaryWriter, shape: NonNullable<OnnxValueInfo['shape']>): void {
  for (const size of shape) {
    writeMessage(writer, 1, () => {
      if (typeof size === 'number') writer.tag(1, WireType.Varint).int64(size)
      if (typeof size === 'string') writeText(writer, 2, size)
    })
  }
}

/** `AttributeProto`. */
function writeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  writeText(writer, 1, name)
  const type = writeAttributeValue(writer, attribute)
  writer.tag(20, WireType.Varint).int32(type)
}

/** @returns the number of the attribute's type */
function writeAttributeValue(writer: BinaryWriter, { type, value }: OnnxAttribute): number {
  switch (type) {
    case 'float':
      writer.tag(2, WireType.Bit32).float(value)
      return 1
    case 'int':
      writer.tag(3, WireType.Varint).int64(value)
      return 2
    case 'string':
      writer.tag(4, WireType.LengthDelimited).string(value)
      return 3
    case 'tensor':
      writeMessage(writer, 5, () => writeTensor(writer, value))
      return 4
    case 'graph':
      writeMessage(writer, 6, () => writeGraph(writer, value))
      return 5
    case 'floats':
      for (const number of value) writer.tag(7, WireType.Bit32).float(number)
      return 6
    case 'ints':
      for (const number of value) writer.tag(8, WireType.Varint).int64(number)
      return 7
    case 'strings':
      for (const text of value) writer.tag(9, WireType.LengthDelimited).string(text)
      return 8
    case 'tensors':
      for (const tensor of value) writeMessage(writer, 10, () => writeTensor(writer, tensor))
      return 9
    case 'graphs':
      for (const graph of value) writeMessage(writer, 11, () => writeGraph(writer, graph))
      return 10
    default:
      return type satisfies never
  }
}

/** `GraphProto`, of a graph that stands in a node. */
function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  writeNodes(writer, graph)
  for (const tensor of graph.initializers) writeMessage(writer, 5, () => writeTensor(writer, tensor))
  writeValueInfos(writer, graph)
}

/** What stands before the initialisers in a `GraphProto`. */
export function writeNodes(writer: BinaryWriter, { name, nodes }: OnnxGraph): void {
  for (const node of nodes) writeMessage(writer, 1, () => writeNode(writer, node))
  writeText(writer, 2, name)
}

/** What stands after the initialisers in a `GraphProto`. */
export function writeValueInfos(writer: BinaryWriter, { inputs, outputs }: OnnxGraph): void {
  for (const input of inputs) writeMessage(writer, 11, () => writeValueInfo(writer, input))
  for (const output of outputs) writeMessage(writer, 12, () => writeValueInfo(writer, output))
}

/** `TensorProto`. */
function writeTensor(writer: BinaryWriter, tensor: OnnxTensor): void {
  writeTensorHead(writer, tensor, 0)
  writer.raw(dataOf(tensor))
}

/**
 * `TensorProto` up to its elements.
 *
 * @param filling - by how many bytes it is longer than need be, at most eight
 */
export function writeTensorHead(writer: BinaryWriter, tensor: OnnxTensor, filling: number): void {
  for (const size of tensor.shape) writer.tag(1, WireType.Varint).int64(size)
  writer.tag(2, WireType.Varint).raw(varint(codeOf(tensor.dtype), 1 + filling))
  writeText(writer, 8, tensor.name)
  writer.tag(9, WireType.LengthDelimited).uint32(dataSizeOf(tensor))
}

/** A small number as a varint of so many bytes: high zeros may be written out, and every reader takes them. */
export function varint(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => {
    const bits = Math.floor(value / 2 ** (7 * index)) & 0x7f
    return index < length - 1 ? bits | 0x80 : bits
  })
}

/** The size of a tensor's elements in bytes. */
export function dataSizeOf({ name, dtype, shape }: OnnxTensor): number {
  const type = elementTypeOf(dtype)
  if (type) return shape.reduce((product, size) => product * size, type.bytes)
  throw new OnnxError({
    subject: `tensor ${quote(name)}`,
    expected: 'elements that are numbers of whole bytes',
    found: dtype,
  })
}

/** A tensor's elements, little-endian. */
export function dataOf(tensor: OnnxTensor): Uint8Array {
  const data = tensor.bytes()
  if (data.length === dataSizeOf(tensor)) return data
  throw new OnnxError({
    subject: `tensor ${quote(tensor.name)}`,
    expected: `${dataSizeOf(tensor)} bytes for its shape ${describeShape(tensor.shape)}`,
    found: String(data.length),
  })
}
