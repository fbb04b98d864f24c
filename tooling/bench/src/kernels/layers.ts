import { cost, inferShapes, type Network, type Node, onlyInput, type Shape } from '@resnet-ts/graph'

/** The nodes of a network that do the same work: one kernel, one shape. */
export interface LayerShape {
  /** `3×3 64 → 64 at 56×56`, with stride and groups where there are; of other ops than convolutions, the op's name. */
  readonly name: string
  readonly nodes: readonly string[]
  /** Floating-point operations of all of them, two for each multiply-accumulate; 0 for what is not counted so. */
  readonly flops: number
}

/** Every distinct shape of a network's layers, in the order in which they are first computed; inputs are left out. */
export function layerShapes({ graph }: Network, shape: Shape): LayerShape[] {
  const shapes = inferShapes(graph, { [onlyInput(graph)]: shape })
  const costs = cost(graph, shapes).nodes
  const found = new Map<string, { nodes: string[]; flops: number }>()
  for (const node of graph.nodes) {
    if (node.op === 'input') continue
    const name = nameOf(node, shapes.get(node.inputs[0]!)!)
    const entry = found.get(name) ?? { nodes: [], flops: 0 }
    entry.nodes.push(node.name)
    entry.flops += 2 * costs.get(node.name)!.macs
    found.set(name, entry)
  }
  return [...found].map(([name, entry]) => ({ name, ...entry }))
}

function nameOf(node: Node, input: Shape): string {
  if (node.op === 'linear') return `linear ${node.attributes.inChannels} → ${node.attributes.outChannels}`
  if (node.op !== 'conv2d') return node.op
  const { kernel, inChannels, outChannels, stride, groups } = node.attributes
  const words = [`${kernel.join('×')} ${inChannels} → ${outChannels} at ${input[1]}×${input[2]}`]
  if (stride.some((step) => step > 1)) words.push(`stride ${stride[0]}`)
  if (groups > 1) words.push(`groups ${groups}`)
  return words.join(', ')
}
