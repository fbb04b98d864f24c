import { type Graph, GraphBuilder, inferShapes, type Node, parameters, print, type Value } from '@resnet-ts/graph'

/** A graph of one part: what `write` makes of an image of `channels` is the output `out`. */
export function graphOf(channels: number, write: (g: GraphBuilder, x: Value) => Value): Graph {
  const g = new GraphBuilder('part')
  g.output('out', write(g, g.input('image', { channels })))
  return g.build()
}

/** The keys of its parameters, in the order of a checkpoint. */
export function keysOf(graph: Graph): string[] {
  return parameters(graph).map(({ key }) => key)
}

/** What owns parameters, in the order of a checkpoint. */
export function ownersOf(graph: Graph): string[] {
  return [...new Set(parameters(graph).map(({ node }) => node))]
}

/** The shape of `out` for an image of this shape. */
export function outputShape(graph: Graph, image: readonly number[]): readonly number[] | undefined {
  return inferShapes(graph, { image }).get(graph.outputs.out!)
}

/** Its nodes in words, one a line, without their types: `conv = conv2d(image) 8 → 8 3×3 pad 1`. */
export function linesOf(graph: Graph): string[] {
  return print(graph)
    .split('\n')
    .slice(2, -1)
    .map((line) => line.trim().replace(/ : \[n.*\]$/, ''))
}

/** Its nodes of one op. */
export function nodesOf<Name extends Node['op']>(graph: Graph, op: Name): Node<Name>[] {
  return graph.nodes.filter((node) => node.op === op) as Node<Name>[]
}
