import { type Graph, GraphBuilder, type Params, parameter, parameters, sizeOf, tensor } from '@resnet-ts/graph'
import { filled, random } from './engine.js'

/** Convolutions one after the other, which take a while on a large image. */
export function slowNetwork(layers = 12): { readonly graph: Graph; readonly params: Params } {
  const g = new GraphBuilder('slow')
  let x = g.input('image', { channels: 16 })
  for (let layer = 0; layer < layers; layer++) {
    x = g.relu(g.conv2d(x, { name: `conv${layer}`, channels: 16, kernel: 5, padding: 2 }))
  }
  g.output('pooled', g.globalPool(x))
  const graph = g.build()
  return { graph, params: paramsOf(graph) }
}

function paramsOf(graph: Graph): Params {
  const u = random(3)
  return new Map(
    parameters(graph).map(({ key, shape }) => {
      const scale = Math.sqrt(6 / sizeOf(shape.slice(1)))
      return [key, parameter(shape, filled(shape, () => (2 * u() - 1) * scale).data)]
    }),
  )
}

/** An image for it. */
export function imageOf(side: number, batch = 1) {
  const u = random(side)
  const shape = [batch, side, side, 16]
  return { image: tensor(shape, filled(shape, () => 2 * u() - 1).data) }
}
