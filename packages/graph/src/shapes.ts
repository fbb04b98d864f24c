import { describeValue } from './describe.js'
import { ShapeError } from './errors.js'
import { failAt, type Graph, inputsOf, type Node, opOf } from './graph.js'
import { isShape, type Shape } from './tensor.js'
import { describeType } from './value.js'

/** The shape of every value, by node name. */
export type Shapes = ReadonlyMap<string, Shape>

/**
 * The shape of every value in a graph, from those of its inputs: `inferShapes(graph, { image: [1, 224, 224, 3] })`.
 * Backends ask here, and never work out a shape themselves.
 *
 * @param inputs - `[batch, height, width, channels]` (or `[batch, channels]`) of each input by name
 * @throws {ShapeError} naming the input or the node that cannot be
 */
export function inferShapes(graph: Graph, inputs: Readonly<Record<string, Shape>>): Shapes {
  for (const name of Object.keys(inputs)) {
    if (!inputsOf(graph).some((node) => node.name === name)) {
      throw new ShapeError({
        subject: `input '${name}'`,
        expected: `one of ${inputsOf(graph)
          .map((node) => `'${node.name}'`)
          .join(', ')}`,
        found: 'an input the graph does not have',
      })
    }
  }
  const shapes = new Map<string, Shape>()
  for (const node of graph.nodes) {
    shapes.set(node.name, node.op === 'input' ? inputShape(node, inputs[node.name]) : shapeOf(node, shapes))
  }
  return shapes
}

function shapeOf(node: Node, shapes: Shapes): Shape {
  const fail = failAt(node, ShapeError)
  const inputs = node.inputs.map((input) => shapes.get(input) ?? fail('its inputs before it', `'${input}'`))
  return opOf(node).shape(inputs, node.attributes, fail)
}

function inputShape(node: Node<'input'>, shape: Shape | undefined): Shape {
  const { rank, channels } = node.attributes
  const fits = isShape(shape) && shape.length === rank && shape[rank - 1] === channels && !shape.includes(0)
  if (!fits) {
    throw new ShapeError({
      subject: `input '${node.name}'`,
      expected: `the shape ${describeType(node.type)}`,
      found: shape === undefined ? 'nothing' : describeValue(shape),
    })
  }
  return shape
}
