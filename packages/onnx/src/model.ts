import type { Parameter } from '@resnet-ts/graph'
import type { OnnxDType } from './dtypes.js'

/** What an ONNX file holds (`ModelProto`), as far as networks need it. */
export interface OnnxModel {
  /** The version of the file format itself. */
  readonly irVersion: number
  /** What wrote it; empty when it does not say. */
  readonly producerName: string
  /** The version of each set of operators it uses, by domain; ONNX's own is `''`. */
  readonly opsets: ReadonlyMap<string, number>
  /** The network. */
  readonly graph: OnnxGraph
  /** Free text by key (`metadata_props`). */
  readonly metadata: ReadonlyMap<string, string>
}

/** Nodes in an order in which they can be computed, and what they start from (`GraphProto`). */
export interface OnnxGraph {
  /** May be empty. */
  readonly name: string
  /** In an order in which they can be computed. */
  readonly nodes: readonly OnnxNode[]
  /** The constants, weights above all, that nodes take by name. */
  readonly initializers: readonly OnnxTensor[]
  /** What a run is given. Older files list initialisers here too. */
  readonly inputs: readonly OnnxValueInfo[]
  /** What a run yields. */
  readonly outputs: readonly OnnxValueInfo[]
}

/** One call of an operator (`NodeProto`). */
export interface OnnxNode {
  /** May be empty, and need not be unique. */
  readonly name: string
  /** `Conv`, `Gemm`, … */
  readonly opType: string
  /** Which set of operators it is of; `''` is ONNX's own. */
  readonly domain: string
  /** The names of the values it takes; an empty one stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  /** The names of the values it yields. */
  readonly outputs: readonly string[]
  /** The operator's constants, by name: `strides`, `pads`. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

/** A whole number of 64 bits: a `bigint` only where a `number` would not be exact. */
export type OnnxInteger = number | bigint

/** What an attribute of each type holds, as JavaScript has it (`AttributeProto`). */
export interface OnnxAttributeValues {
  /** A 32-bit float. */
  readonly float: number
  /** A whole number. */
  readonly int: OnnxInteger
  /** A text, UTF-8 in the file. */
  readonly string: string
  /** A constant. */
  readonly tensor: OnnxTensor
  /** What an operator such as `If` runs. */
  readonly graph: OnnxGraph
  /** A list of 32-bit floats. */
  readonly floats: readonly number[]
  /** A list of whole numbers: a kernel, strides, axes. */
  readonly ints: readonly OnnxInteger[]
  /** A list of texts. */
  readonly strings: readonly string[]
  /** A list of constants. */
  readonly tensors: readonly OnnxTensor[]
  /** A list of graphs. */
  readonly graphs: readonly OnnxGraph[]
}

/** The value of an attribute, with its type. */
export type OnnxAttribute = {
  [Type in keyof OnnxAttributeValues]: {
    /** What the value is. */
    readonly type: Type
    /** The constant itself. */
    readonly value: OnnxAttributeValues[Type]
  }
}[keyof OnnxAttributeValues]

/** A constant (`TensorProto`). It is a `Parameter` too, so a map of initialisers by name can serve as `Params`. */
export interface OnnxTensor extends Parameter {
  /** What nodes call it. */
  readonly name: string
  /** What its elements are. */
  readonly dtype: OnnxDType
  /** In ONNX's order, which is PyTorch's: OIHW for a convolution; `[]` for a scalar. */
  readonly shape: readonly number[]
  /**
   * The elements one after another, little-endian: a view of the file where it stores them so. Do not write to it.
   *
   * @throws {OnnxError} when they are in another file, or of a type that has no fixed size
   */
  bytes(): Uint8Array
  /**
   * The elements as 32-bit floats. Those of float32 are a view of the file where it has them aligned to four bytes, so
   * do not write to it; otherwise each call decodes anew into memory of its own. 64-bit numbers are rounded.
   *
   * @throws {OnnxError} when they are in another file, or not numbers that can be read
   */
  read(): Float32Array
}

/** A value that goes into or comes out of a graph (`ValueInfoProto`). */
export interface OnnxValueInfo {
  /** What nodes, and the caller of a run, call it. */
  readonly name: string
  /** Nothing when it is no tensor, or the file does not say. */
  readonly dtype: OnnxDType | undefined
  /** The size of each axis, or the name that stands for it, or null when it is not known; nothing without a rank. */
  readonly shape: readonly (number | string | null)[] | undefined
}
