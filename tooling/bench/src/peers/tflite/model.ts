import type { Shape } from '@resnet-ts/graph'
import type { Offset } from 'flatbuffers'
import { at, byte, type FieldValue, int, TableWriter } from './flatbuffer.js'

/** Operators by their numbers in TensorFlow Lite's schema (`BuiltinOperator`), and the number of their options' table. */
const operators = {
  add: { code: 0, options: 11 },
  averagePool2d: { code: 1, options: 5 },
  conv2d: { code: 3, options: 1 },
  fullyConnected: { code: 9, options: 8 },
  maxPool2d: { code: 17, options: 5 },
  pad: { code: 34, options: 22 },
  mean: { code: 40, options: 27 },
} as const

export type OperatorName = keyof typeof operators

const names = Object.keys(operators) as OperatorName[]

export const same = byte(0)
export const valid = byte(1)
const floats = byte(0)
const integers = byte(2)

/** A file of TensorFlow Lite's format (schema version 3) with one subgraph, written operator by operator. */
export class TfliteModel {
  readonly #writer: TableWriter
  readonly #tensors: Offset[] = []
  /** Buffer 0 is empty, for the tensors that are computed. */
  readonly #buffers: Offset[]
  readonly #operators: Offset[] = []

  /** @param bytes - of all constants */
  constructor(bytes: number) {
    this.#writer = new TableWriter(bytes + 2 ** 20)
    this.#buffers = [this.#writer.table()]
  }

  /** A tensor that is computed, or given. */
  value(name: string, shape: Shape): number {
    return this.#tensor(name, shape, floats, 0)
  }

  /** Floats, or whole numbers, that are part of the file. */
  constant(name: string, shape: Shape, data: Float32Array | Int32Array): number {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.#buffers.push(this.#writer.table(at(this.#writer.alignedBytes(bytes))))
    return this.#tensor(name, shape, data instanceof Float32Array ? floats : integers, this.#buffers.length - 1)
  }

  /** @param options - the fields of the operator's options, in the order of the schema */
  operator(name: OperatorName, inputs: readonly number[], output: number, ...options: readonly FieldValue[]): void {
    const fields = [this.#writer.ints(inputs), this.#writer.ints([output]), this.#writer.table(...options)] as const
    const [taken, yielded, own] = fields.map(at)
    this.#operators.push(
      this.#writer.table(int(names.indexOf(name)), taken, yielded, byte(operators[name].options), own),
    )
  }

  finish(input: number, output: number): Uint8Array {
    const w = this.#writer
    const codes = names.map((name) => w.table(byte(operators[name].code), undefined, int(1), int(operators[name].code)))
    const graph = w.table(
      ...[w.offsets(this.#tensors), w.ints([input]), w.ints([output]), w.offsets(this.#operators), w.text('main')].map(
        at,
      ),
    )
    const parts = [w.offsets(codes), w.offsets([graph]), w.text('resnet-ts'), w.offsets(this.#buffers)]
    return w.finish(w.table(int(3), ...parts.map(at)), 'TFL3')
  }

  #tensor(name: string, shape: Shape, type: FieldValue, buffer: number): number {
    const [sides, title] = [this.#writer.ints(shape), this.#writer.text(name)]
    this.#tensors.push(this.#writer.table(at(sides), type, int(buffer), at(title)))
    return this.#tensors.length - 1
  }
}
