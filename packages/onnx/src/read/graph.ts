import { dtypeOf, type OnnxDType } from '../dtypes.js'
import { OnnxError } from '../errors.js'
import type { OnnxAttribute, OnnxGraph, OnnxInteger, OnnxNode, OnnxTensor, OnnxValueInfo } from '../model.js'
import { quote } from '../text.js'
import { type Budget, type FieldReaders, readFields } from './fields.js'
import { readTensor } from './readTensor.js'

/** How deep graphs may lie in each other's nodes, as those of loops and conditions do. */
const deepest = 16

/** Reads the graphs of one file. */
export class GraphReader {
  readonly #fields: FieldReaders
  readonly #budget: Budget
  #depth = 0

  constructor(fields: FieldReaders, budget: Budget) {
    this.#fields = fields
    this.#budget = budget
  }

  /** `GraphProto`. */
  read(bytes: Uint8Array): OnnxGraph {
    if (++this.#depth > deepest) {
      throw new OnnxError({
        subject: 'ONNX file',
        expected: `at most ${deepest} graphs inside each other`,
        found: 'more',
      })
    }
    const fields = this.#fields
    let name = ''
    const nodes: OnnxNode[] = []
    const initializers: OnnxTensor[] = []
    const inputs: OnnxValueInfo[] = []
    const outputs: OnnxValueInfo[] = []
    readFields(bytes, {
      1: fields.message((message) => nodes.push(this.#readNode(message))),
      2: fields.text((text) => {
        name = text
      }),
      5: fields.message((message) => initializers.push(this.#readTensor(message))),
      11: fields.message((message) => inputs.push(this.#readValueInfo(message))),
      12: fields.message((message) => outputs.push(this.#readValueInfo(message))),
      15: fields.message(() => {
        throw new OnnxError({ subject: `graph ${quote(name)}`, expected: 'dense initialisers', found: 'sparse ones' })
      }),
    })
    this.#depth--
    return { name, nodes, initializers, inputs, outputs }
  }

  /** `NodeProto`. */
  #readNode(bytes: Uint8Array): OnnxNode {
    const fields = this.#fields
    let name = ''
    let opType = ''
    let domain = ''
    const inputs: string[] = []
    const outputs: string[] = []
    const attributes = new Map<string, OnnxAttribute>()
    readFields(bytes, {
      1: fields.text((text) => inputs.push(text)),
      2: fields.text((text) => outputs.push(text)),
      3: fields.text((text) => {
        name = text
      }),
      4: fields.text((text) => {
        opType = text
      }),
      5: fields.message((message) => {
        const attribute = this.#readAttribute(message)
        if (attribute.value) attributes.set(attribute.name, attribute.value)
      }),
      7: fields.text((text) => {
        domain = text === 'ai.onnx' ? '' : text
      }),
    })
    return { name, opType, domain, inputs, outputs, attributes }
  }

  /** `AttributeProto`. Its value is missing when it is of a type that has no meaning here, or refers to a function's. */
  #readAttribute(bytes: Uint8Array): { name: string; value: OnnxAttribute | undefined } {
    const fields = this.#fields
    let name = ''
    let type = 0
    let float = 0
    let int: OnnxInteger = 0
    let text = ''
    const tensors: OnnxTensor[] = []
    const graphs: OnnxGraph[] = []
    const floats: number[] = []
    const ints: OnnxInteger[] = []
    const strings: string[] = []
    readFields(bytes, {
      1: fields.text((found) => {
        name = found
      }),
      2: fields.floats((value) => {
        float = value
      }),
      3: fields.integers((value) => {
        int = value
      }),
      4: fields.text((value) => {
        text = value
      }),
      5: fields.message((message) => tensors.push(this.#readTensor(message))),
      6: fields.message((message) => graphs.push(this.read(message))),
      7: fields.floats((value) => floats.push(value)),
      8: fields.integers((value) => ints.push(value)),
      9: fields.text((value) => strings.push(value)),
      10: fields.message((message) => tensors.push(this.#readTensor(message))),
      11: fields.message((message) => graphs.push(this.read(message))),
      20: fields.small((code) => {
        type = code
      }),
    })
    const values: readonly (OnnxAttribute | undefined)[] = [
      undefined,
      { type: 'float', value: float },
      { type: 'int', value: int },
      { type: 'string', value: text },
      tensors[0] && { type: 'tensor', value: tensors[0] },
      graphs[0] && { type: 'graph', value: graphs[0] },
      { type: 'floats', value: floats },
      { type: 'ints', value: ints },
      { type: 'strings', value: strings },
      { type: 'tensors', value: tensors },
      { type: 'graphs', value: graphs },
    ]
    return { name, value: values[type] }
  }

  #readTensor(bytes: Uint8Array): OnnxTensor {
    return readTensor(bytes, this.#fields, this.#budget)
  }

  /** `ValueInfoProto`. */
  #readValueInfo(bytes: Uint8Array): OnnxValueInfo {
    const fields = this.#fields
    let name = ''
    let dtype: OnnxDType | undefined
    let shape: (number | string | null)[] | undefined
    const tensorType = fields.message((message) => {
      readFields(message, {
        1: fields.small((code) => {
          dtype = dtypeOf(code)
        }),
        2: fields.message((dimensions) => {
          const sizes: (number | string | null)[] = []
          readFields(dimensions, { 1: fields.message((dimension) => sizes.push(this.#readDimension(dimension))) })
          shape = sizes
        }),
      })
    })
    readFields(bytes, {
      1: fields.text((text) => {
        name = text
      }),
      2: fields.message((type) => readFields(type, { 1: tensorType })),
    })
    return { name, dtype, shape }
  }

  /** `TensorShapeProto.Dimension`. */
  #readDimension(bytes: Uint8Array): number | string | null {
    const fields = this.#fields
    let size: number | string | null = null
    readFields(bytes, {
      1: fields.integers((value) => {
        size = Number(value)
      }),
      2: fields.text((name) => {
        size = name || null
      }),
    })
    return size
  }
}
