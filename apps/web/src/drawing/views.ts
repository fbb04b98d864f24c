import {
  type Cost,
  type Graph,
  inferShapes,
  onlyInput,
  parametersOf,
  type Shape,
  type SummaryNode,
  summarise,
} from '@resnet-ts/graph'
import { type Frame, toDrawing, toSvg } from '@resnet-ts/graph/diagram'
import type { ModelFactory } from '@resnet-ts/zoo'
import type { BoxDetails, FrameView, LayerView, NetworkView, Theme } from './api.js'

/** A model's graph, and the shape of the images it is drawn for. */
export interface Drawn {
  readonly graph: Graph
  readonly size: readonly [height: number, width: number]
  readonly inputs: Readonly<Record<string, Shape>>
}

export function drawn(factory: ModelFactory): Drawn {
  const graph = factory()
  const { size } = factory.preprocess
  return { graph, size, inputs: { [onlyInput(graph)]: [1, ...size, 3] } }
}

export function networkView({ graph, size, inputs }: Drawn, everyBlock: boolean): NetworkView {
  const drawing = toDrawing(graph, inputs, everyBlock ? { depth: 'blocks' } : {})
  const tree = summarise(graph, inputs)
  const parts = partsOf(tree)
  const costOf = (names: readonly string[]) => sumOf(names.map((name) => parts.get(name)!.cost))
  const boxes = drawing.frames.flatMap((frame) => frame.boxes)
  const frameView = ({ kind, title, boxes }: Frame): FrameView => {
    const views = boxes.map(({ names, ...box }) => ({ ...box, names, cost: costOf(names) }))
    return {
      title,
      isStage: kind === 'stage',
      shape: boxes.at(-1)?.shape ?? '',
      cost: sumOf(views.map(({ cost }) => cost)),
      boxes: views,
    }
  }
  return {
    name: graph.name,
    size,
    total: tree.cost,
    blocks: boxes.reduce((sum, { kind, count }) => (kind === 'block' ? sum + count : sum), 0),
    grouped: boxes.some(({ count }) => count > 1),
    frames: drawing.frames.map(frameView),
    dashed: drawing.dashed,
  }
}

function sumOf(costs: readonly Cost[]): Cost {
  const total = (part: keyof Cost) => costs.reduce((sum, cost) => sum + cost[part], 0)
  return { parameters: total('parameters'), macs: total('macs'), convActivations: total('convActivations') }
}

/** Every part of a network, from the network itself to its layers, by name. */
function partsOf(tree: SummaryNode): ReadonlyMap<string, SummaryNode> {
  const parts = new Map<string, SummaryNode>()
  const visit = (part: SummaryNode) => {
    parts.set(part.name, part)
    for (const child of part.children) visit(child)
  }
  for (const child of tree.children) visit(child)
  return parts
}

/** What is inside a box: the layers of a block, or those that it stands for itself. */
export function boxDetails({ graph, inputs }: Drawn, names: readonly string[], theme: Theme): BoxDetails {
  const [first] = names
  const isBlock = graph.scopes.some(({ name }) => name === first)
  const wanted = new Set(names)
  const isInside = (name: string) => (isBlock ? name.startsWith(`${first}.`) : wanted.has(name))
  return {
    figure: isBlock ? toSvg(graph, inputs, { scope: first, theme }) : undefined,
    layers: layersOf(graph, inputs, isInside),
  }
}

function layersOf(
  graph: Graph,
  inputs: Readonly<Record<string, Shape>>,
  isInside: (name: string) => boolean,
): readonly LayerView[] {
  const shapes = inferShapes(graph, inputs)
  const parts = partsOf(summarise(graph, inputs))
  return graph.nodes
    .filter(({ name }) => isInside(name))
    .map((node) => {
      const weight = parametersOf(node).find(({ key }) => key === `${node.name}.weight`)
      const { kind, cost } = parts.get(node.name)!
      return { name: node.name, kind, cost, shape: shapes.get(node.name)!, weight: weight?.shape }
    })
}

/** A part of a network as JSON, with what is inside. */
export interface PartSummary {
  readonly name: string
  readonly kind: string
  readonly shape: Shape
  readonly cost: Cost
  readonly children?: readonly PartSummary[]
}

export function partSummary({ name, kind, shape, cost, children }: SummaryNode): PartSummary {
  return { name, kind, shape, cost, ...(children.length > 0 && { children: children.map(partSummary) }) }
}
