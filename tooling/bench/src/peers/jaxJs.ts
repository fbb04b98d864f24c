import type { Array as JaxArray, lax, nn, numpy } from '@jax-js/jax'
import {
  type Graph,
  inferShapes,
  type Network,
  type Node,
  onlyInput,
  parameters,
  readParameter,
  type Shape,
} from '@resnet-ts/graph'
import type { Racer } from '../race/runner.js'
import { installed, requireOneThread } from '../race/unsupported.js'
import { nchw } from './onnxFile.js'
import { refuse, requireRelu, requireWhole } from './refuse.js'

const name = 'jax-js'
const packageName = '@jax-js/jax'

/** Of jax-js, what a network is written with. */
interface Jax {
  readonly lax: typeof lax
  readonly nn: typeof nn
  readonly numpy: typeof numpy
}

type Parameters = Readonly<Record<string, JaxArray>>

/** jax-js: the network as one function of its `lax` operations, compiled by `jit` for its WebAssembly backend. */
export const racer: Racer = {
  async prepare(network, { shape, threads, place }) {
    if (place.runtime === 'node')
      requireOneThread(name, threads, 'it starts others with Worker, which Node does not have')
    // Of the threads there, it takes one for each core that the page knows of.
    else Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads, configurable: true })
    const jax = await installed(name, import('@jax-js/jax'))
    await jax.init('wasm')
    jax.defaultDevice('wasm')
    const params = parametersOf(network, jax)
    const uses = countUses(network.graph)
    checkPools(network.graph, shape)
    const compute = jax.jit((given: Parameters, image: JaxArray) => logitsOf(network.graph, given, image, uses, jax))
    const dims = nchw(shape)
    return {
      name,
      version: await place.versionOf(packageName),
      device: `WebAssembly, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
      layout: 'nchw',
      async run(input) {
        // Every use of an array takes a reference to it.
        const given = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, value.ref]))
        const logits = compute(given, jax.numpy.array(input as Float32Array<ArrayBuffer>).reshape(dims))
        return (await logits.data()) as Float32Array
      },
      async dispose() {
        compute.dispose()
        for (const value of Object.values(params)) value.dispose()
      },
    }
  },
}

/** Biases of convolutions as they are added to a feature map, `[1, channels, 1, 1]`; all else as it is. */
function parametersOf({ graph, params }: Network, { numpy }: Jax): Parameters {
  const convolutions = new Set(graph.nodes.filter(({ op }) => op === 'conv2d').map((node) => node.name))
  return Object.fromEntries(
    parameters(graph).map((spec) => {
      const isOffset = spec.key.endsWith('.bias') && convolutions.has(spec.node)
      const dims = isOffset ? [1, spec.shape[0]!, 1, 1] : [...spec.shape]
      const values = readParameter(params, spec) as Float32Array<ArrayBuffer>
      return [spec.key, numpy.array(values).reshape(dims)]
    }),
  )
}

/** @throws {UnsupportedError} when a pooling needs more than `reduceWindow`, which knows no padding */
function checkPools(graph: Graph, shape: Shape): void {
  const shapes = inferShapes(graph, { [onlyInput(graph)]: shape })
  for (const node of graph.nodes) {
    if (node.op === 'maxPool') requireRelu(name, node, graph)
    if (node.op === 'avgPool') requireWhole(name, node, node.attributes, shapes.get(node.inputs[0]!)!)
  }
}

function countUses({ nodes, outputs }: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...Object.values(outputs)]) {
    uses.set(value, (uses.get(value) ?? 0) + 1)
  }
  return uses
}

function logitsOf(
  graph: Graph,
  params: Parameters,
  image: JaxArray,
  uses: ReadonlyMap<string, number>,
  jax: Jax,
): JaxArray {
  const values = new Map<string, JaxArray>()
  const left = new Map(uses)
  const take = (value: string) => {
    left.set(value, left.get(value)! - 1)
    return left.get(value)! > 0 ? values.get(value)!.ref : values.get(value)!
  }
  for (const node of graph.nodes) {
    values.set(node.name, node.op === 'input' ? image : compute(node, node.inputs.map(take), params, jax))
  }
  return values.get(graph.outputs.logits!)!
}

function compute(
  node: Node,
  [x, ...others]: readonly JaxArray[],
  params: Parameters,
  { lax, nn, numpy }: Jax,
): JaxArray {
  const parameter = (suffix: string) => params[`${node.name}.${suffix}`]!
  switch (node.op) {
    case 'conv2d': {
      const { stride, dilation, groups, bias, epilogue } = node.attributes
      const [top, right, bottom, left] = node.attributes.padding
      const padding: [number, number][] = [
        [top, bottom],
        [left, right],
      ]
      const options = { rhsDilation: [...dilation], featureGroupCount: groups }
      let y = lax.convGeneralDilated(x!, parameter('weight'), [...stride], padding, options)
      if (bias) y = y.add(parameter('bias'))
      if (epilogue?.residual) y = y.add(others[0]!)
      if (epilogue?.activation === 'relu') y = nn.relu(y)
      else if (epilogue?.activation) refuse(name, node, epilogue.activation)
      return y
    }
    case 'maxPool': {
      const { kernel, stride, padding, ceilMode } = node.attributes
      if (ceilMode) refuse(name, node, 'maxPool with ceilMode')
      const [top, right, bottom, left] = padding
      const sides: [number, number][] = [
        [0, 0],
        [0, 0],
        [top, bottom],
        [left, right],
      ]
      return lax.reduceWindow(numpy.pad(x!, sides), (window) => numpy.max(window), [...kernel], [...stride])
    }
    case 'avgPool': {
      const { kernel, stride } = node.attributes
      return lax.reduceWindow(x!, (window) => numpy.mean(window), [...kernel], [...stride])
    }
    case 'globalPool':
      if (node.attributes.kind !== 'avg' || node.attributes.keepDimensions) refuse(name, node, 'another globalPool')
      return numpy.mean(x!, [2, 3])
    case 'linear':
      return numpy.matmul(x!, numpy.transpose(parameter('weight'))).add(parameter('bias'))
    default:
      return refuse(name, node, node.op)
  }
}
