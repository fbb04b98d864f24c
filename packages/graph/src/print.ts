import { type Graph, opOf } from './graph.js'
import { inferShapes } from './shapes.js'
import type { Shape } from './tensor.js'
import { describeType } from './value.js'

/**
 * A graph as text, one node a line, for reading and for comparing:
 *
 *     graph tiny
 *       image = input [n, h, w, 3]
 *       conv1 = conv2d(image) 3 → 8 3×3 pad 1 : [n, h, w, 8]
 *       out: conv1
 *
 * @param inputs - shapes of the inputs; given, every line ends in the node's own shape
 */
export function print(graph: Graph, inputs?: Readonly<Record<string, Shape>>): string {
  const shapes = inputs && inferShapes(graph, inputs)
  const lines = graph.nodes.map((node) => {
    const words = opOf(node).print(node.attributes)
    const shape = shapes?.get(node.name)
    const type = shape ? `[${shape.join(', ')}]` : describeType(node.type)
    if (node.op === 'input') return `  ${node.name} = input ${type}`
    return `  ${node.name} = ${node.op}(${node.inputs.join(', ')})${words && ` ${words}`} : ${type}`
  })
  const outputs = Object.entries(graph.outputs).map(([name, node]) => `  ${name}: ${node}`)
  return [`graph ${graph.name}`, ...lines, ...outputs].join('\n')
}
