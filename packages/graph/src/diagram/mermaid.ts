import type { Graph } from '../graph.js'
import type { Shape } from '../tensor.js'
import type { Box, DiagramOptions, Edge } from './drawing.js'
import { type Cluster, clustersOf, idOf, labelOf, legendOf, linesOf, plain, sumIdOf } from './text.js'
import { toDrawing } from './toDrawing.js'

/**
 * A network as a Mermaid flowchart, for Markdown: a subgraph a stage, a node a block, and the sums at which shortcuts
 * arrive, solid ones as `-->`, dashed ones as `-.->`.
 *
 * @param inputs - the shape of each input, `{ image: [1, 224, 224, 3] }`
 * @throws {ShapeError} when the network cannot take the inputs
 * @throws {OptionError} when an option is out of range, or there is too much to draw
 */
export function toMermaid(graph: Graph, inputs: Readonly<Record<string, Shape>>, options: DiagramOptions = {}): string {
  const drawing = toDrawing(graph, inputs, options)
  const legend = legendOf(drawing)
  let subgraphs = 0
  const write = (cluster: Cluster, indent: string): string[] => {
    const inside = (deeper: string) => [
      ...cluster.boxes.flatMap((box) => nodeLines(box).map((line) => deeper + line)),
      ...[...cluster.clusters.values()].flatMap((inner) => write(inner, deeper)),
    ]
    if (cluster.label.length === 0) return inside(indent)
    return [`${indent}subgraph part${subgraphs++}["${text(cluster.label)}"]`, ...inside(`${indent}  `), `${indent}end`]
  }
  return [
    '---',
    `title: ${JSON.stringify(plain([drawing.title, ...drawing.facts].join(' · ')))}`,
    // The titles of subgraphs have two lines, for which there is no room by default.
    'config: { flowchart: { wrappingWidth: 400, subGraphTitleMargin: { top: 4, bottom: 24 } } }',
    '---',
    'flowchart TB',
    ...clustersOf(drawing).flatMap((cluster) => write(cluster, '  ')),
    ...linesOf(drawing).map(({ from, to, kind }) => `  ${from} ${arrows[kind]} ${to}`),
    ...(legend.length > 0 ? [`  legend["${text(legend)}"]:::note`] : []),
    '  classDef note fill:none,stroke:none',
    '',
  ].join('\n')
}

const arrows: Readonly<Record<Edge['kind'], string>> = { flow: '-->', solid: '-->', dashed: '-.->' }

function nodeLines(box: Box): string[] {
  const label = `"${text(labelOf(box))}"`
  if (box.kind === 'sum') return [`${idOf(box)}(("+"))`]
  if (box.kind === 'product') return [`${idOf(box)}(("×"))`]
  if (box.kind === 'value') return [`${idOf(box)}([${label}])`]
  return [`${idOf(box)}[${label}]`, ...(box.shortcut ? [`${sumIdOf(box)}(("+"))`] : [])]
}

/** Lines as a quoted label: all that Mermaid, its Markdown or HTML might read as markup is written as a number. */
function text(lines: readonly string[]): string {
  const numbered = (line: string) =>
    plain(line).replaceAll(/["#&<>`\\;*_[\]{}|]/g, (sign) => `#${sign.codePointAt(0)};`)
  return lines.map(numbered).join('<br/>')
}
