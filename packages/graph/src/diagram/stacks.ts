import type { Node } from '../graph.js'
import type { Box } from './drawing.js'
import { outputsAmong, type Reading } from './reading.js'
import { isFlattening, layerDetails, layerInWords, shapeInWords, strideInWords, strideOf } from './words.js'

/**
 * Layers in stacks: a convolution with the norm and the activation that follow it, a pooling, a sum. A layer joins a
 * stack when nothing else takes what the stack has so far, so that lines between stacks leave the last of its layers.
 *
 * @param partOf - stacks do not reach from one part into another
 */
export function stack(
  layers: readonly Node[],
  reading: Reading,
  partOf: (node: Node) => string = () => '',
): readonly (readonly Node[])[] {
  const stacks: Node[][] = []
  const stackOf = new Map<string, Node[]>()
  for (const node of layers) {
    const below = stackOf.get(node.inputs[0]!)
    const joins = below && follows(node, below, reading) && partOf(node) === partOf(below[0]!)
    const own = joins ? below : []
    if (!joins) stacks.push(own)
    own.push(node)
    stackOf.set(node.name, own)
  }
  return stacks
}

function follows(node: Node, below: readonly Node[], { shapes, users }: Reading): boolean {
  if (!isLight(node) && !isFlattening(node, shapes)) return false
  const first = below[0]!
  if (first.op === 'input' || first.op === 'multiply' || first.op === 'concat' || first.op === 'add') return false
  // What nothing takes, such as the flattened copy of an embedding, does not stand in the way of others.
  return below.at(-1)!.name === node.inputs[0] && (users.get(node.inputs[0]!) === 1 || !users.has(node.name))
}

/** Whether a layer works on single elements or channels, and is drawn with the layer that it follows. */
function isLight({ op }: Node): boolean {
  return ['batchNorm', 'groupNorm', 'activation', 'dropout', 'dropPath', 'pad'].includes(op)
}

/** A box that has no place yet. */
export type Draft = Omit<Box, 'id' | 'within'>

const plain = { tag: '', details: [], outputs: [], count: 1, shortcut: undefined } as const

/** A stack as a box. */
export function boxOf(stacked: readonly Node[], reading: Reading): Draft {
  const { shapes } = reading
  const [first, ...rest] = stacked as readonly [Node, ...Node[]]
  const names = stacked.map((node) => node.name)
  return {
    ...plain,
    kind: kindOf(first),
    names,
    title: layerInWords(first, shapes),
    tag: strideInWords(strideOf(first)),
    details: [...layerDetails(first), ...rest.flatMap((node) => [layerInWords(node, shapes), ...layerDetails(node)])],
    shape: shapeInWords(shapes.get(names.at(-1)!)!),
    outputs: outputsAmong(names, reading),
  }
}

function kindOf(first: Node): Box['kind'] {
  if (first.op === 'input') return 'value'
  if (first.op === 'multiply') return 'product'
  return first.op === 'add' ? 'sum' : 'layers'
}

/** A value that enters or leaves what is drawn, as a box. */
export function valueBox(value: string, title: string, { shapes }: Reading): Draft {
  return { ...plain, kind: 'value', names: [value], title, shape: shapeInWords(shapes.get(value)!) }
}
