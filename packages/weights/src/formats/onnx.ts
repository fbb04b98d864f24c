import { ResnetError } from '@resnet-ts/graph'
import { type OnnxDType, type OnnxGraph, type OnnxNode, type OnnxTensor, readOnnx } from '@resnet-ts/onnx'
import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { decoderOf, unreadable } from '../dtypes.js'
import { CheckpointError } from '../errors.js'
import { arranged } from '../names/index.js'

/** ONNX's types by the safetensors names. */
const dtypes: ReadonlyMap<OnnxDType, string> = new Map<OnnxDType, string>([
  ['float32', 'F32'],
  ['float64', 'F64'],
  ['float16', 'F16'],
  ['bfloat16', 'BF16'],
  ['int64', 'I64'],
  ['int32', 'I32'],
  ['int16', 'I16'],
  ['int8', 'I8'],
  ['uint64', 'U64'],
  ['uint32', 'U32'],
  ['uint16', 'U16'],
  ['uint8', 'U8'],
  ['bool', 'BOOL'],
])

/** What the inputs of an operator are, after the first. */
const inputsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['Conv', ['weight', 'bias']],
  ['Gemm', ['weight', 'bias']],
  ['BatchNormalization', ['weight', 'bias', 'running_mean', 'running_var']],
])

/**
 * The weights in an ONNX file, in the order of the nodes that take them: its initialisers, and constants that nodes
 * hold. They keep their names, which in files of PyTorch and of Gluon are those of the parameters. Where an exporter made new names, as PyTorch's does when it folds
 * norms into convolutions, a tensor's name is that of the module whose node takes it, and else of the node:
 * `layer1.0.conv1.weight` of `/layer1/layer1.0/conv1/Conv`. Weights of `Gemm` are given as `[out, in]`. Whole numbers,
 * such as shapes, are left out.
 *
 * @throws {CheckpointError} when it is malformed
 */
export function parseOnnx(bytes: Uint8Array): Checkpoint {
  const { graph, metadata } = typed(() => readOnnx(bytes))
  const constants = constantsOf(graph)
  const uses = usesOf(graph.nodes, constants)
  const tensors = new Map<string, CheckpointTensor>()
  for (const name of new Set([...uses.keys(), ...constants.keys()])) {
    const tensor = constants.get(name)!
    const use = uses.get(name)
    if (!use && !tensor.dtype.startsWith('float') && tensor.dtype !== 'bfloat16') continue
    const key = use && isAnonymous(name) ? use.key : name
    const own = tensorOf(key, tensor)
    tensors.set(tensors.has(key) ? name : key, use?.transposed && own.shape.length === 2 ? transpose(own) : own)
  }
  return { format: 'onnx', metadata: Object.fromEntries(metadata), tensors }
}

/** Initialisers, constants that nodes hold, and copies of either: PyTorch's exporter keeps equal tensors once. */
function constantsOf({ initializers, nodes }: OnnxGraph): ReadonlyMap<string, OnnxTensor> {
  const constants = new Map(initializers.map((tensor) => [tensor.name, tensor]))
  for (const { opType, inputs, outputs, attributes } of nodes) {
    const value = attributes.get('value')
    const held = opType === 'Constant' && value?.type === 'tensor' ? value.value : undefined
    const constant = opType === 'Identity' ? constants.get(inputs[0] ?? '') : held
    if (constant && outputs[0]) constants.set(outputs[0], constant)
  }
  return constants
}

interface Use {
  readonly key: string
  /** Whether it is `[in, out]`. */
  readonly transposed: boolean
}

/** Which node's parameter each constant is, in the nodes' order: the first node where there are several. */
function usesOf(nodes: readonly OnnxNode[], constants: ReadonlyMap<string, unknown>): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>()
  nodes.forEach((node, place) => {
    const parameters = inputsOf.get(node.opType)
    parameters?.forEach((parameter, index) => {
      const input = node.inputs[index + 1]
      if (!input || !constants.has(input) || uses.has(input)) return
      const isTransposed = node.attributes.get('transB')?.value === 1
      const transposed = node.opType === 'Gemm' && parameter === 'weight' && !isTransposed
      uses.set(input, { key: `${moduleOf(node, place)}.${parameter}`, transposed })
    })
  })
  return uses
}

/** Names that exporters make up: numbers, perhaps behind `onnx::Conv_`. */
function isAnonymous(name: string): boolean {
  return /^(onnx::\w+?_)?\d+$/.test(name) || name.startsWith('/')
}

/** The module that a node of PyTorch's exporter is in: `layer1.0.conv1` of `/layer1/layer1.0/conv1/Conv`. */
function moduleOf({ name, opType }: OnnxNode, place: number): string {
  const scopes = name.startsWith('/') ? name.slice(1).split('/').slice(0, -1) : []
  const path: string[] = []
  for (const scope of scopes) {
    if (path.length > 0 && scope.startsWith(`${path.at(-1)}.`)) path.pop()
    path.push(scope)
  }
  return path.length > 0 ? path.join('.') : name || `${opType}_${place}`
}

function tensorOf(name: string, tensor: OnnxTensor): CheckpointTensor {
  const dtype = dtypes.get(tensor.dtype) ?? tensor.dtype
  return {
    dtype,
    shape: tensor.shape,
    read() {
      if (!decoderOf(dtype)) throw unreadable(name, dtype)
      return typed(() => tensor.read())
    },
  }
}

function transpose(tensor: CheckpointTensor): CheckpointTensor {
  const [rows = 0, columns = 0] = tensor.shape
  return arranged(tensor, { axes: [1, 0], shape: [columns, rows] })
}

/** The errors of the codec as a checkpoint's. */
function typed<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof ResnetError) throw new CheckpointError({ ...cause.details, cause })
    throw cause
  }
}
