import { describeValue } from '../describe.js'
import { OptionError } from '../errors.js'
import { type Graph, inputsOf } from '../graph.js'
import { inferShapes } from '../shapes.js'
import { type SummaryNode, summarise } from '../summary.js'
import type { Shape } from '../tensor.js'
import type { DiagramOptions, Drawing } from './drawing.js'
import { drawLayers } from './layers.js'
import { drawNetwork, holdsBlocks } from './network.js'
import { layersOf, type Reading, readingOf, valuesInto } from './reading.js'
import { costInWords, kindInWords, shapeInWords } from './words.js'

/**
 * What to draw of a graph, as data, for a picture of your own: its stages and blocks; or its layers, where there are none
 * inside. `toSvg`, `toMermaid` and `toDot` write this down.
 *
 * @param inputs - the shape of each input, `{ image: [1, 224, 224, 3] }`
 * @throws {ShapeError} when the network cannot take the inputs
 * @throws {OptionError} when there is no such scope or depth, or too much to draw
 */
export function toDrawing(
  graph: Graph,
  inputs: Readonly<Record<string, Shape>>,
  options: DiagramOptions = {},
): Drawing {
  const { depth, scope } = options
  requireOneOf('depth', depth, ['blocks', 'groups'])
  const tree = summarise(graph, inputs)
  const reading = readingOf(graph, inferShapes(graph, inputs))
  const part = scope === undefined ? tree : findScope(tree, scope, graph)
  requireDrawable(layersOf(part, reading).length, graph)
  const isBlock = part !== tree && reading.blocks.has(part.name)
  const isNetwork = part.kind === 'stage' || (!isBlock && holdsBlocks(part, reading))
  const exit = graph.scopes.find(({ name }) => part !== tree && name === part.name)?.output
  return {
    title: part === tree ? graph.name : `${graph.name} · ${part.name}`,
    facts: [...(part === tree ? inputFacts(reading) : partFacts(part, reading)), ...costInWords(part.cost)],
    ...(isNetwork ? drawNetwork(part, reading, depth) : drawLayers(part, reading, exit)),
  }
}

const mostLayers = 10_000

function requireDrawable(layers: number, graph: Graph): void {
  if (layers <= mostLayers) return
  throw new OptionError({
    subject: `diagram of '${graph.name}'`,
    expected: `at most ${mostLayers} layers`,
    found: String(layers),
    advice: "draw a part of it, with the option 'scope'",
  })
}

/** @throws {OptionError} when an option is given that is none of the values */
export function requireOneOf(name: string, option: string | undefined, values: readonly string[]): void {
  if (option === undefined || values.includes(option)) return
  throw new OptionError({
    subject: `diagram option '${name}'`,
    expected: values.join(' or '),
    found: describeValue(option),
  })
}

function inputFacts({ graph, shapes }: Reading): readonly string[] {
  return inputsOf(graph).map(({ name }) => `${name} ${shapeInWords(shapes.get(name)!)}`)
}

function partFacts(part: SummaryNode, reading: Reading): readonly string[] {
  const entering = valuesInto(layersOf(part, reading)).map((value) => shapeInWords(reading.shapes.get(value)!))
  return [kindInWords(part.kind), `${[...new Set(entering)].join(', ')} → ${shapeInWords(part.shape)}`]
}

function findScope(tree: SummaryNode, scope: string, graph: Graph): SummaryNode {
  const find = (node: SummaryNode): SummaryNode | undefined => {
    if (node !== tree && node.name === scope && node.children.length > 0) return node
    for (const child of node.children) {
      const found = find(child)
      if (found) return found
    }
    return undefined
  }
  const found = find(tree)
  if (found) return found
  throw new OptionError({
    subject: `scope of '${graph.name}'`,
    expected: 'the name of a part with layers in it',
    found: describeValue(scope),
    advice: `its parts are ${listed(graph.scopes.map(({ name }) => name))}`,
  })
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none: its layers are in no scope'
  return names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ')
}
