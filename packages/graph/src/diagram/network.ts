import { addCosts, type Cost, noCost } from '../cost.js'
import type { Node } from '../graph.js'
import type { SummaryNode } from '../summary.js'
import { blockOf, type Item } from './block.js'
import type { Box, DiagramOptions, Drawing, Edge, Frame } from './drawing.js'
import { layersOf, type Reading, valuesInto } from './reading.js'
import { boxOf, stack, valueBox } from './stacks.js'
import { costInWords, shapeInWords } from './words.js'

/** The stages, blocks and layers of a network, or of a part of it that is larger than a block. */
export function drawNetwork(
  part: SummaryNode,
  reading: Reading,
  chosen: DiagramOptions['depth'],
): Omit<Drawing, 'title' | 'facts'> {
  const sections = [...entrance(part, reading), ...sectionsOf(part, reading)]
  const blocks = sections.flatMap(({ items }) => items).filter((item) => item.draft.kind === 'block')
  const depth = chosen ?? (blocks.length > 20 ? 'groups' : 'blocks')
  let id = 0
  const placed: Placed[] = []
  const frames = sections.map((section): Frame => {
    const items = depth === 'groups' ? group(section.items) : section.items
    const boxes = items.map(({ draft, ...item }) => {
      const box = { ...draft, id: id++, within: [] }
      placed.push({ ...item, box })
      return box
    })
    return { kind: section.kind, title: section.title, facts: section.facts, boxes }
  })
  const dashed = new Set(placed.map((item) => item.dashed).filter((words) => words !== ''))
  return { view: 'network', frames, edges: edgesOf(placed), dashed: [...dashed] }
}

interface Placed extends Omit<Item, 'draft'> {
  readonly box: Box
}

interface Section {
  readonly kind: Frame['kind']
  readonly title: string
  readonly facts: readonly string[]
  readonly items: readonly Item[]
}

/** A stage with its parts, or what stands between two stages. */
interface Stretch {
  readonly stage: SummaryNode | undefined
  readonly parts: SummaryNode[]
}

/** The values that a part takes from outside, as a section of their own. */
function entrance(part: SummaryNode, reading: Reading): readonly Section[] {
  const items = valuesInto(layersOf(part, reading)).map((value): Item => {
    const node = reading.nodes.get(value)!
    return { draft: valueBox(value, 'input', reading), nodes: [node], takes: [], skipsFrom: undefined, dashed: '' }
  })
  return items.length > 0 ? [{ kind: 'layers', title: '', facts: [], items }] : []
}

function sectionsOf(root: SummaryNode, reading: Reading): readonly Section[] {
  const stretches: Stretch[] = []
  const open = (stage: SummaryNode | undefined) => {
    if (stage || stretches.at(-1)?.stage || stretches.length === 0) stretches.push({ stage, parts: [] })
    return stretches.at(-1)!
  }
  const visit = (part: SummaryNode, stage: SummaryNode | undefined) => {
    if (part.kind === 'stage' && !stage) {
      open(part)
      for (const child of part.children) visit(child, part)
    } else if (part.children.length === 0 || reading.blocks.has(part.name) || (stage && !holdsBlocks(part, reading))) {
      const stretch = stage ? stretches.at(-1)! : open(undefined)
      stretch.parts.push(part)
    } else for (const child of part.children) visit(child, stage)
  }
  if (root.kind === 'stage') visit(root, undefined)
  else for (const child of root.children) visit(child, undefined)
  return stretches.map((stretch, index) => sectionOf(stretch, titleOf(stretches, index), reading))
}

/** Whether there are blocks inside a part, at any depth. */
export function holdsBlocks(part: SummaryNode, reading: Reading): boolean {
  return part.children.some(
    (child) => child.kind === 'stage' || reading.blocks.has(child.name) || holdsBlocks(child, reading),
  )
}

function titleOf(stretches: readonly Stretch[], index: number): string {
  const { stage } = stretches[index]!
  if (stage) return stage.name
  if (stretches.length === 1) return ''
  return index === 0 ? 'stem' : index === stretches.length - 1 ? 'head' : ''
}

function sectionOf({ stage, parts }: Stretch, title: string, reading: Reading): Section {
  const cost = stage?.cost ?? parts.reduce((sum: Cost, part) => addCosts(sum, part.cost), noCost)
  // What has no name is the whole network, or lies between stages.
  const facts = title && cost.parameters + cost.macs > 0 ? costInWords(cost) : []
  return {
    kind: stage ? 'stage' : title ? 'part' : 'layers',
    title,
    facts: stage ? [shapeInWords(stage.shape), ...facts] : facts,
    items: itemsOf(parts, reading),
  }
}

/** Blocks as they are, and the layers between them in stacks. */
function itemsOf(parts: readonly SummaryNode[], reading: Reading): readonly Item[] {
  const items: Item[] = []
  let loose: Node[] = []
  const close = () => {
    for (const stacked of stack(loose, reading)) items.push(layersItem(stacked, reading))
    loose = []
  }
  for (const part of parts) {
    const node = part.children.length === 0 ? reading.nodes.get(part.name) : undefined
    if (node) loose.push(node)
    else {
      close()
      items.push(blockOf(part, reading))
    }
  }
  close()
  return items
}

function layersItem(nodes: readonly Node[], reading: Reading): Item {
  return { draft: boxOf(nodes, reading), nodes, takes: valuesInto(nodes), skipsFrom: undefined, dashed: '' }
}

/** Blocks in a row that are alike as one; a first block with a dashed shortcut stays on its own. */
function group(items: readonly Item[]): readonly Item[] {
  const first = items.find(({ draft }) => draft.kind === 'block')
  const runs: Item[][] = []
  for (const item of items) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const alone = last === first && first?.draft.shortcut === 'dashed'
    if (run && last && !alone && areAlike(last, item)) run.push(item)
    else runs.push([item])
  }
  return runs.map(joined)
}

function areAlike(last: Item, next: Item): boolean {
  const looks = ({ draft: { kind, title, tag, details, shape, shortcut }, dashed }: Item) =>
    JSON.stringify([kind, title, tag, details, shape, shortcut, dashed])
  const values = new Set(last.nodes.map((node) => node.name))
  const inARow = [...next.takes, ...(next.skipsFrom ? [next.skipsFrom] : [])].every((value) => values.has(value))
  return next.draft.kind === 'block' && inARow && looks(last) === looks(next)
}

function joined(run: readonly Item[]): Item {
  const draft = {
    ...run[0]!.draft,
    names: run.flatMap((item) => item.draft.names),
    outputs: run.flatMap((item) => item.draft.outputs),
    count: run.length,
  }
  return { ...run[0]!, draft, nodes: run.flatMap((item) => item.nodes) }
}

function edgesOf(placed: readonly Placed[]): readonly Edge[] {
  const places = new Map(placed.flatMap(({ box, nodes }) => nodes.map((node) => [node.name, box.id] as const)))
  return placed.flatMap(({ box, takes, skipsFrom }) => {
    const sources = new Set(takes.map((value) => places.get(value)!))
    const flow = [...sources].map((from): Edge => ({ from, to: box.id, kind: 'flow' }))
    // A shortcut that starts inside its block is drawn from where the block starts.
    const start = skipsFrom ?? takes[0]
    if (!box.shortcut || start === undefined) return flow
    return [...flow, { from: places.get(start)!, to: box.id, kind: box.shortcut }]
  })
}
