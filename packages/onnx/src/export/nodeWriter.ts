import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../model.js'
import { int } from './attributes.js'
import type { Names } from './names.js'
import { int64Tensor, onnxTensor } from './tensors.js'

/** The nodes of an ONNX graph, as they are written down. */
export class NodeWriter {
  readonly nodes: OnnxNode[] = []
  readonly #names: Names
  readonly #nodeNames: Names
  /** The values of constants and of decoded initialisers, by what they are of. */
  readonly #shared = new Map<string, string>()

  constructor(names: Names, nodeNames: Names) {
    this.#names = names
    this.#nodeNames = nodeNames
  }

  /**
   * Writes a node down.
   *
   * @param name - of the node, where that is not taken; and of its value, if `output` does not give that
   * @returns the name of its value
   */
  write(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    name: string,
    output = this.#names.unused(name),
  ): string {
    this.nodes.push({
      name: this.#nodeNames.unused(name),
      opType,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }

  /** A constant. Two of the same name are one. */
  constant(name: string, tensor: () => OnnxTensor): string {
    return this.#once(`constant ${name}`, () =>
      this.write('Constant', [], { value: { type: 'tensor', value: tensor() } }, name),
    )
  }

  integers(...values: readonly number[]): string {
    return this.constant(`int64[${values}]`, () => int64Tensor(values))
  }

  scalar(value: number): string {
    const name = Object.is(value, -0) ? 'float32(-0)' : `float32(${value})`
    return this.constant(name, () => onnxTensor('', { shape: [], read: () => Float32Array.of(value) }))
  }

  /** The values of an initialiser as float32, whatever it is stored as. */
  weight({ name, dtype }: OnnxTensor): string {
    if (dtype === 'float32') return name
    return this.#once(`weight ${name}`, () => this.write('Cast', [name], { to: int(1) }, `${name}.float32`))
  }

  #once(key: string, write: () => string): string {
    const value = this.#shared.get(key) ?? write()
    this.#shared.set(key, value)
    return value
  }
}

/** What the function that exports an op is given: the node's inputs and parameters by name, and a way to write nodes. */
export class OpWriter {
  /** The names of the values that the node takes. */
  readonly inputs: readonly string[]
  readonly #nodes: NodeWriter
  readonly #name: string
  readonly #weightOf: (suffix: string) => string

  constructor(nodes: NodeWriter, name: string, inputs: readonly string[], weightOf: (suffix: string) => string) {
    this.#nodes = nodes
    this.#name = name
    this.inputs = inputs
    this.#weightOf = weightOf
  }

  /** Writes down a node. The one that carries the work has no `part`, the others are named by theirs. */
  write(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    part?: string,
  ): string {
    return this.#nodes.write(opType, inputs, attributes, part === undefined ? this.#name : `${this.#name}.${part}`)
  }

  /** A parameter of the node, by what follows the node's name in its key. */
  parameter(suffix: string): string {
    return this.#weightOf(suffix)
  }

  /** A constant of the node's own. */
  constant(part: string, tensor: () => OnnxTensor): string {
    return this.#nodes.constant(`${this.#name}.${part}`, tensor)
  }

  integers(...values: readonly number[]): string {
    return this.#nodes.integers(...values)
  }

  scalar(value: number): string {
    return this.#nodes.scalar(value)
  }
}
