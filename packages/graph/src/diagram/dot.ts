import type { Graph } from '../graph.js'
import type { Shape } from '../tensor.js'
import type { Box, DiagramOptions } from './drawing.js'
import { type Cluster, clustersOf, idOf, labelOf, legendOf, linesOf, plain, sumIdOf } from './text.js'
import { toDrawing } from './toDrawing.js'

/**
 * A network in the DOT language of Graphviz: a cluster a stage, a node a block, and the sums at which solid and dashed
 * shortcuts arrive.
 *
 * @param inputs - the shape of each input, `{ image: [1, 224, 224, 3] }`
 * @throws {ShapeError} when the network cannot take the inputs
 * @throws {OptionError} when an option is out of range, or there is too much to draw
 */
export function toDot(graph: Graph, inputs: Readonly<Record<string, Shape>>, options: DiagramOptions = {}): string {
  const drawing = toDrawing(graph, inputs, options)
  let clusters = 0
  const write = (cluster: Cluster, indent: string): string[] => {
    const inside = (deeper: string) => [
      ...cluster.boxes.flatMap((box) => nodeLines(box).map((line) => deeper + line)),
      ...[...cluster.clusters.values()].flatMap((inner) => write(inner, deeper)),
    ]
    if (cluster.label.length === 0) return inside(indent)
    const label = `${indent}  label=${text(cluster.label)}`
    return [`${indent}subgraph cluster${clusters++} {`, label, ...inside(`${indent}  `), `${indent}}`]
  }
  const label = [drawing.title, drawing.facts.join(' · '), ...legendOf(drawing)]
  return [
    `digraph ${text([drawing.title])} {`,
    `  graph [label=${text(label)} labelloc=t labeljust=l fontname="Helvetica" style=rounded color="#94a3b8"]`,
    '  node [shape=box style=rounded fontname="Helvetica" fontsize=11]',
    ...clustersOf(drawing).flatMap((cluster) => write(cluster, '  ')),
    ...linesOf(drawing).map(({ from, to, kind }) => `  ${from} -> ${to}${attributes[kind]}`),
    '}',
    '',
  ].join('\n')
}

// The way through the layers is kept straight, and the shortcuts go around it.
const attributes = { flow: ' [weight=8]', solid: '', dashed: ' [style=dashed]' } as const

function nodeLines(box: Box): string[] {
  const circle = (id: string, sign: string) => `${id} [label="${sign}" shape=circle margin=0 width=0.25]`
  if (box.kind === 'sum') return [circle(idOf(box), '+')]
  if (box.kind === 'product') return [circle(idOf(box), '×')]
  const shape = box.kind === 'value' ? ' shape=oval' : ''
  return [`${idOf(box)} [label=${text(labelOf(box))}${shape}]`, ...(box.shortcut ? [circle(sumIdOf(box), '+')] : [])]
}

/** Lines as a quoted string. */
function text(lines: readonly string[]): string {
  const escaped = (line: string) => plain(line).replaceAll('&', '&amp;').replaceAll(/["\\]/g, '\\$&')
  return `"${lines.map(escaped).join('\\n')}"`
}
