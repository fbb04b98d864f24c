import { goldenTensor } from '@resnet-ts/golden'
import {
  type Graph,
  GraphBuilder,
  type Network,
  type Params,
  parameter,
  parameters,
  type Value,
} from '@resnet-ts/graph'

/** The golden values of a graph's parameters. */
function goldenParamsOf(graph: Graph): Params {
  return new Map(parameters(graph).map(({ key, shape }) => [key, parameter(shape, goldenTensor(key, shape))]))
}

/** A graph of an `image` of three channels, with golden values; `write` gives its outputs by name. */
export function networkOf(write: (g: GraphBuilder, image: Value) => Readonly<Record<string, Value>>): Network {
  const g = new GraphBuilder('network')
  for (const [name, value] of Object.entries(write(g, g.input('image', { channels: 3 })))) g.output(name, value)
  const graph = g.build()
  return { graph, params: goldenParamsOf(graph) }
}

/** The network of `tooling/golden/make_onnx.py`, which PyTorch exported: a stem, a basic block and a head. */
export function torchNetwork(): Network {
  return networkOf((g, image) => {
    const convolve = (x: Value, name: string, stride: number) =>
      g.conv2d(x, { name: `conv${name}`, channels: 8, kernel: 3, stride, padding: 1 })
    const stem = g.relu(g.batchNorm(convolve(image, '1', 2), { name: 'bn1' }), { name: 'relu1' })
    const branch = g.batchNorm(convolve(stem, '2', 1), { name: 'bn2' })
    const map = g.relu(g.add(stem, branch, { name: 'add' }), { name: 'relu2' })
    return { logits: g.linear(g.globalPool(map, { name: 'pool' }), { name: 'fc', channels: 5 }) }
  })
}
