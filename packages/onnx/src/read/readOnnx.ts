import { ResnetError } from '@resnet-ts/graph'
import { OnnxError } from '../errors.js'
import type { OnnxModel } from '../model.js'
import { Budget, FieldReaders, readFields } from './fields.js'
import { GraphReader } from './graph.js'
import { readEntry } from './readTensor.js'

/**
 * Reads an ONNX file (`ModelProto` of https://github.com/onnx/onnx). The elements of tensors stay in `bytes`, of which
 * the tensors are views, so do not write to it afterwards. Functions, training information and the types of inner
 * values are left out. Tensors whose elements are in other files are listed, and refuse to be read.
 *
 * Nothing is believed: whatever the bytes are, reading them takes at most 64 MB beside them.
 *
 * @throws {OnnxError} when it is no whole ONNX model
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  try {
    // A Buffer's `slice` and `subarray` are not those of other arrays of bytes.
    return readModel(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (cause) {
    if (cause instanceof ResnetError) throw cause
    throw new OnnxError({
      subject: 'ONNX file',
      expected: 'a whole model',
      found: cause instanceof Error ? cause.message : String(cause),
      advice: 'it may be cut off, or be no ONNX file at all',
      cause,
    })
  }
}

function readModel(bytes: Uint8Array): OnnxModel {
  const budget = new Budget(bytes.length)
  const fields = new FieldReaders(budget)
  let irVersion = 0
  let producerName = ''
  let graph: Uint8Array | undefined
  const opsets = new Map<string, number>()
  const metadata = new Map<string, string>()
  readFields(bytes, {
    1: fields.integers((version) => {
      irVersion = Number(version)
    }),
    2: fields.text((name) => {
      producerName = name
    }),
    7: fields.message((message) => {
      graph = message
    }),
    8: fields.message((message) => {
      const { domain, version } = readOpset(message, fields)
      opsets.set(domain, version)
    }),
    14: fields.message((message) => {
      metadata.set(...readEntry(message, fields))
    }),
  })
  if (!graph) {
    const found = bytes.length === 0 ? 'an empty file' : 'no graph'
    throw new OnnxError({ subject: 'ONNX file', expected: 'a model', found, advice: 'it may be no ONNX file at all' })
  }
  return { irVersion, producerName, opsets, graph: new GraphReader(fields, budget).read(graph), metadata }
}

/** `OperatorSetIdProto`. */
function readOpset(bytes: Uint8Array, fields: FieldReaders): { domain: string; version: number } {
  let domain = ''
  let version = 0
  readFields(bytes, {
    1: fields.text((text) => {
      domain = text
    }),
    2: fields.integers((number) => {
      version = Number(number)
    }),
  })
  // ONNX's own set of operators has two names.
  return { domain: domain === 'ai.onnx' ? '' : domain, version }
}
