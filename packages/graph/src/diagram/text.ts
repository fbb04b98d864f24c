import type { Box, Drawing, Edge, Frame } from './drawing.js'

// What the two formats that are laid out by other programs have in common: a list of nodes in subgraphs, and of lines.

/** The lines of a box's label. */
export function labelOf({ title, tag, details, shape, outputs, count }: Box): readonly string[] {
  return [
    `${count > 1 ? `${count} × ` : ''}${title}${tag && `, ${tag}`}`,
    details.join(' · '),
    shape,
    outputs.length > 0 ? `output: ${outputs.join(', ')}` : '',
  ].filter((line) => line !== '')
}

/** The lines of a frame's label. */
function frameLabelOf({ title, facts }: Frame): readonly string[] {
  return [title, facts.join(' · ')].filter((line) => line !== '')
}

/** Text on one line, without signs that no program can show. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD')
}

/** A subgraph: boxes, and the subgraphs inside it. */
export interface Cluster {
  readonly label: readonly string[]
  readonly boxes: Box[]
  readonly clusters: Map<string, Cluster>
}

/** The frames as subgraphs, and in them those of the parts around single boxes. */
export function clustersOf({ frames }: Drawing): readonly Cluster[] {
  return frames.map((frame) => {
    const outer = cluster(frameLabelOf(frame))
    for (const box of frame.boxes) {
      let around = outer
      for (const part of box.within) {
        const inner = around.clusters.get(part.name) ?? cluster([part.title])
        around.clusters.set(part.name, inner)
        around = inner
      }
      around.boxes.push(box)
    }
    return outer
  })
}

function cluster(label: readonly string[]): Cluster {
  return { label, boxes: [], clusters: new Map() }
}

/** Lines between identifiers: a block that has a shortcut is followed by the sum at which both arrive. */
export interface Line {
  readonly from: string
  readonly to: string
  readonly kind: Edge['kind']
}

export function idOf({ id }: Pick<Box, 'id'>): string {
  return `box${id}`
}

export function sumIdOf({ id }: Pick<Box, 'id'>): string {
  return `sum${id}`
}

export function linesOf({ frames, edges }: Drawing): readonly Line[] {
  const boxes = new Map(frames.flatMap((frame) => frame.boxes).map((box) => [box.id, box]))
  const endOf = (id: number) => (boxes.get(id)!.shortcut ? sumIdOf({ id }) : idOf({ id }))
  const lines = edges.map(({ from, to, kind }): Line => {
    const arrives = kind !== 'flow' && boxes.get(to)!.shortcut ? sumIdOf({ id: to }) : idOf({ id: to })
    return { from: endOf(from), to: arrives, kind }
  })
  const intoSums = [...boxes.values()]
    .filter((box) => box.shortcut)
    .map((box): Line => ({ from: idOf(box), to: sumIdOf(box), kind: 'flow' }))
  return [...lines, ...intoSums]
}

/** What solid and dashed lines mean, where there are any. */
export function legendOf({ edges, dashed }: Drawing): readonly string[] {
  const has = (kind: Edge['kind']) => edges.some((edge) => edge.kind === kind)
  return [
    ...(has('solid') ? ['solid: identity shortcut'] : []),
    ...(has('dashed') ? [`dashed: shortcut through ${dashed.join(', or ')}`] : []),
  ]
}
