import { ShapeError } from './errors.js'
import { failAt, type Graph, type Node, opOf } from './graph.js'
import { parametersOf } from './params.js'
import type { Shapes } from './shapes.js'
import { sizeOf } from './tensor.js'

/** What a node, a part or a network costs. */
export interface Cost {
  /** Trainable parameters: weights and biases, not running statistics. */
  readonly parameters: number
  /** Multiply-accumulates of 2-D convolutions, channel convolutions and linear layers. */
  readonly macs: number
  /** Elements that 2-D convolutions yield, as timm counts activations. */
  readonly convActivations: number
}

/** What nothing costs. */
export const noCost: Cost = { parameters: 0, macs: 0, convActivations: 0 }

/** The sum of two costs. */
export function addCosts(left: Cost, right: Cost): Cost {
  return {
    parameters: left.parameters + right.parameters,
    macs: left.macs + right.macs,
    convActivations: left.convActivations + right.convActivations,
  }
}

/**
 * What one node costs, at the shapes of `inferShapes`.
 *
 * @throws {ShapeError} when the shapes are another graph's
 */
export function costOf(node: Node, shapes: Shapes): Cost {
  const output = shapes.get(node.name) ?? failAt(node, ShapeError)('its shape among those given', 'none')
  const trainable = parametersOf(node).filter((parameter) => parameter.trainable)
  return {
    parameters: trainable.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0),
    macs: opOf(node).macs?.(output, node.attributes) ?? 0,
    convActivations: node.op === 'conv2d' ? sizeOf(output) : 0,
  }
}

/**
 * What every node costs, by name, and the whole graph, at the shapes of `inferShapes`. It counts the whole batch:
 * multiply-accumulates and activations of one image are those at a batch of one.
 *
 * @throws {ShapeError} when the shapes are another graph's
 */
export function cost(
  graph: Graph,
  shapes: Shapes,
): {
  /** By the node's name. */
  readonly nodes: ReadonlyMap<string, Cost>
  /** Of all nodes together. */
  readonly total: Cost
} {
  const nodes = new Map(graph.nodes.map((node) => [node.name, costOf(node, shapes)]))
  return { nodes, total: [...nodes.values()].reduce(addCosts, noCost) }
}
