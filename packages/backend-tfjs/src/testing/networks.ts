import { type Graph, GraphBuilder, type Params, parameter, parameters, sizeOf, type Value } from '@resnet-ts/graph'

/** A graph of one input `x`, and one output `y`. */
export function graphOf(channels: number, write: (g: GraphBuilder, x: Value) => Value): Graph {
  const g = new GraphBuilder('test')
  g.output('y', write(g, g.input('x', { channels })))
  return g.build()
}

/** Numbers between -1 and 1 that look random, and are always the same. */
export function values(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const noise = Math.sin((index + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return 2 * (noise - Math.floor(noise)) - 1
  })
}

/** A value for every parameter; running variances are positive. */
export function paramsOf(graph: Graph): Params {
  return new Map(
    parameters(graph).map(({ key, shape }, index) => {
      const data = values(sizeOf(shape), index + 2)
      return [key, parameter(shape, key.endsWith('running_var') ? data.map((value) => 1.5 + value) : data)]
    }),
  )
}

/** A chain of so many convolutions of 3×3, each with an activation that tfjs does not fuse. */
export function chain(length: number, channels = 4): Graph {
  return graphOf(channels, (g, x) => {
    let y = x
    for (let i = 0; i < length; i++) {
      y = g.activation(g.conv2d(y, { name: `conv${i}`, channels, kernel: 3, padding: 1 }), 'silu')
    }
    return y
  })
}
