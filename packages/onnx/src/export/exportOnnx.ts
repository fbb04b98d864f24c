import {
  activationKinds,
  type FusedForms,
  type Graph,
  inputsOf,
  lower,
  type Network,
  type Node,
  type ParameterSpec,
  parameters,
  readParameter,
} from '@resnet-ts/graph'
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from '../model.js'
import { writeOnnx } from '../write/writeOnnx.js'
import { ints } from './attributes.js'
import { Names } from './names.js'
import { NodeWriter, OpWriter } from './nodeWriter.js'
import { writeNode } from './ops/index.js'
import { type CheckedOptions, checkOptions, type OnnxOptions } from './options.js'
import { onnxTensor } from './tensors.js'

/** All of them: they are written as what they were fused from, which runtimes fuse again. */
const fusedForms: FusedForms = { residual: true, activations: activationKinds }

/**
 * A network as the bytes of an ONNX file, which onnxruntime and others run: its nodes and initialisers bear the names
 * of the graph's nodes and parameters, inputs and outputs theirs, and it takes any batch and image size. The same
 * network gives the same bytes. It is written as it is: `optimise` it first for a smaller and faster one, in which batch
 * norms are folded into convolutions.
 *
 * @throws {GraphError | ParameterError} when the network is not whole
 * @throws {OptionError} when an option is out of range
 * @throws {OnnxError} when the file would be larger than 2 GiB
 */
export function exportOnnx(network: Network, options: OnnxOptions = {}): Uint8Array {
  return writeOnnx(toOnnx(network, options))
}

/**
 * A network as an ONNX model, whose parameters are read when it is written: `exportOnnx` in two steps.
 *
 * @throws {GraphError | ParameterError} when the network is not whole
 * @throws {OptionError} when an option is out of range
 */
export function toOnnx(network: Network, options: OnnxOptions = {}): OnnxModel {
  const checked = checkOptions(options)
  return {
    irVersion: checked.irVersion,
    producerName: 'resnet-ts',
    opsets: new Map([['', checked.opset]]),
    graph: new Exporter(lower(network, fusedForms), checked).export(),
    metadata: checked.metadata,
  }
}

/** Writes one lowered network. */
class Exporter {
  readonly #graph: Graph
  readonly #params: Network['params']
  readonly #options: CheckedOptions
  readonly #names = new Names()
  readonly #nodes = new NodeWriter(this.#names, new Names())
  /** The names of the values of the graph's nodes. */
  readonly #values = new Map<string, string>()
  /** By their parameters' keys. */
  readonly #initializers = new Map<string, OnnxTensor>()

  constructor({ graph, params }: Network, options: CheckedOptions) {
    this.#graph = graph
    this.#params = params
    this.#options = options
  }

  export(): OnnxModel['graph'] {
    const { name, nodes } = this.#graph
    // Those that others know come first, so that they are as they should be.
    const inputs = inputsOf(this.#graph).map((input) => this.#input(input))
    const outputs = Object.entries(this.#graph.outputs).map(([output, node]) => this.#output(output, node, inputs))
    for (const spec of parameters(this.#graph)) this.#initializers.set(spec.key, this.#initializer(spec))
    for (const node of nodes) this.#values.set(node.name, node.op === 'input' ? this.#enter(node) : this.#write(node))
    return { name, nodes: this.#leave(outputs), initializers: [...this.#initializers.values()], inputs, outputs }
  }

  #input({ name, type }: Node<'input'>): OnnxValueInfo {
    const prefix = inputsOf(this.#graph).length === 1 ? '' : `${name}_`
    const unique = this.#names.unused(name)
    this.#values.set(name, unique)
    return valueInfo(unique, `${prefix}batch`, prefix, type, this.#options)
  }

  #output(name: string, node: string, inputs: readonly OnnxValueInfo[]): OnnxValueInfo {
    const { type } = this.#node(node)
    const unique = this.#names.unused(name)
    return valueInfo(unique, inputs.length === 1 ? 'batch' : null, `${unique}_`, type, this.#options)
  }

  #initializer(spec: ParameterSpec): OnnxTensor {
    const params = this.#params
    // The few numbers of norms and biases take no room, and may be too large or too small for float16.
    const dtype = spec.shape.length > 1 ? this.#options.dtype : 'float32'
    const parameter = { shape: spec.shape, read: () => readParameter(params, spec) }
    return onnxTensor(this.#names.unused(spec.key), parameter, dtype)
  }

  /** An input as a map `[n, c, h, w]`. */
  #enter({ name, type }: Node<'input'>): string {
    const value = this.#values.get(name) as string
    return this.#isMoved(type)
      ? this.#nodes.write('Transpose', [value], { perm: ints(0, 3, 1, 2) }, `${name}.nchw`)
      : value
  }

  #write(node: Exclude<Node, Node<'input'>>): string {
    const inputs = node.inputs.map((name) => this.#values.get(name) as string)
    const weightOf = (suffix: string) =>
      this.#nodes.weight(this.#initializers.get(`${node.name}.${suffix}`) as OnnxTensor)
    const users = this.#graph.nodes.filter(({ inputs }) => inputs.includes(node.name))
    return writeNode(node, users, new OpWriter(this.#nodes, node.name, inputs, weightOf))
  }

  /** All nodes, with those that give outputs their order of axes and their names. */
  #leave(outputs: readonly OnnxValueInfo[]): readonly OnnxNode[] {
    const inner = new Set(this.#nodes.nodes.flatMap((node) => node.outputs))
    const renamed = new Map<string, string>()
    for (const [index, name] of Object.values(this.#graph.outputs).entries()) {
      const value = this.#values.get(name) as string
      const output = outputs[index].name
      if (this.#isMoved(this.#node(name).type)) {
        this.#nodes.write('Transpose', [value], { perm: ints(0, 2, 3, 1) }, `${output}.nhwc`, output)
      } else if (inner.has(value) && !renamed.has(value)) {
        renamed.set(value, output)
      } else {
        this.#nodes.write('Identity', [value], {}, `${output}.identity`, output)
      }
    }
    const current = (name: string) => renamed.get(name) ?? name
    return this.#nodes.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(current),
      outputs: node.outputs.map(current),
    }))
  }

  /** Whether a value that goes in or comes out has another order of axes there than inside. */
  #isMoved({ rank }: Node['type']): boolean {
    return this.#options.layout === 'nhwc' && rank === 4
  }

  #node(name: string): Node {
    return this.#graph.nodes.find((node) => node.name === name) as Node
  }
}

/** @param prefix - of the names of its height and width */
function valueInfo(
  name: string,
  batch: string | null,
  prefix: string,
  { rank, channels }: Node['type'],
  { layout }: CheckedOptions,
): OnnxValueInfo {
  const [height, width] = [`${prefix}height`, `${prefix}width`]
  const map = layout === 'nchw' ? [batch, channels, height, width] : [batch, height, width, channels]
  return { name, dtype: 'float32', shape: rank === 4 ? map : [batch, channels] }
}
