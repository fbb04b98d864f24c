import type { Node } from '../graph.js'
import type { SummaryNode } from '../summary.js'
import { shortcutInWords } from './block.js'
import type { Box, Drawing, Edge, Part } from './drawing.js'
import { isInProjection, layersOf, type Reading, scopesAround, valuesInto } from './reading.js'
import { findShortcut, isSum, type Shortcut } from './shortcut.js'
import { boxOf, type Draft, stack, valueBox } from './stacks.js'
import { kindInWords } from './words.js'

/**
 * The layers of a block, or of a network that has no blocks.
 *
 * @param exit - the value that leaves the part; nothing for a whole network
 */
export function drawLayers(
  part: SummaryNode,
  reading: Reading,
  exit: string | undefined,
): Omit<Drawing, 'title' | 'facts'> {
  const layers = layersOf(part, reading)
  const prefix = exit === undefined ? '' : `${part.name}.`
  const partsOf = (node: Node) => partsAround(node, prefix, reading)
  const places = new Map<string, number>()
  const boxes: Box[] = []
  const place = (draft: Draft, names: readonly string[], within: readonly Part[]) => {
    for (const name of names) places.set(name, boxes.length)
    boxes.push({ ...draft, id: boxes.length, within })
  }
  for (const value of valuesInto(layers)) place(valueBox(value, 'input', reading), [value], [])
  for (const stacked of stack(layers, reading, (node) => partsOf(node).at(-1)?.name ?? '')) {
    const draft = boxOf(stacked, reading)
    place(draft, draft.names, partsOf(stacked[0]!))
  }
  const sums = layers.filter(isSum)
  const shortcuts = sums.flatMap((sum) => {
    const shortcut = findShortcut(sum, layers, (node) => isInProjection(node, reading))
    return shortcut ? [{ sum, shortcut }] : []
  })
  const edges = edgesOf(layers, places, kindsOf(shortcuts))
  if (exit !== undefined) {
    edges.push({ from: places.get(exit)!, to: boxes.length, kind: 'flow' })
    place(valueBox(exit, 'output', reading), [], [])
  }
  const dashed = shortcuts.map(({ shortcut }) => shortcutInWords(shortcut, reading)).filter((words) => words !== '')
  return {
    view: 'layers',
    frames: [{ kind: 'layers', title: '', facts: [], boxes }],
    edges,
    dashed: [...new Set(dashed)],
  }
}

/** The scopes around a layer inside the part that is drawn, from the outermost in. */
function partsAround(node: Node, prefix: string, { kinds }: Reading): readonly Part[] {
  const inside = scopesAround(node.name, kinds).filter((scope) => scope.startsWith(prefix))
  return inside.toReversed().map((name) => ({ name, title: kindInWords(kinds.get(name)!) }))
}

/** The kind of each line that belongs to a shortcut: by the layer that it arrives at, one for each of its inputs. */
type Kinds = ReadonlyMap<string, readonly (Edge['kind'] | undefined)[]>

function kindsOf(shortcuts: readonly { readonly sum: Node; readonly shortcut: Shortcut }[]): Kinds {
  const kinds = new Map<string, (Edge['kind'] | undefined)[]>()
  for (const { sum, shortcut } of shortcuts) {
    const { kind, layers, input } = shortcut
    for (const layer of layers) {
      if (layer === sum) continue
      // A shortcut inside another keeps its own kind.
      const inner = kinds.get(layer.name)
      kinds.set(
        layer.name,
        Array.from(layer.inputs, (_, index) => inner?.[index] ?? kind),
      )
    }
    const own = kinds.get(sum.name) ?? []
    own[input] = kind
    kinds.set(sum.name, own)
  }
  return kinds
}

function edgesOf(layers: readonly Node[], places: ReadonlyMap<string, number>, kinds: Kinds): Edge[] {
  const edges = new Map<string, Edge>()
  for (const layer of layers) {
    const to = places.get(layer.name)!
    for (const [index, input] of layer.inputs.entries()) {
      const from = places.get(input)!
      const kind = kinds.get(layer.name)?.[index] ?? 'flow'
      if (from !== to) edges.set(`${from} ${to} ${kind}`, { from, to, kind })
    }
  }
  return [...edges.values()]
}
