import type { Graph } from '../../graph.js'
import type { Shape } from '../../tensor.js'
import type { Box, DiagramOptions, Drawing } from '../drawing.js'
import { requireOneOf, toDrawing } from '../toDrawing.js'
import { columns } from './columns.js'
import { lanes } from './lanes.js'
import { legend } from './legend.js'
import { element, escapeXml, label, shorten, widthOf } from './paint.js'
import { paintScene } from './paintScene.js'
import { type Theme, themes } from './theme.js'

/** What the caller may choose of an SVG. */
export interface SvgOptions extends DiagramOptions {
  /** @defaultValue 'light' */
  readonly theme?: 'light' | 'dark' | undefined
}

const margin = 32
const headerHeight = 68

/**
 * A network as an SVG image, for slides and pages: a column a stage, a box a block, and arcs for shortcuts, solid where
 * the value itself is added, dashed where it is changed on its way. With `scope`, the layers of one block, as in
 * figure 5 of He et al. 2015. It is a document of its own: no styles, fonts or images from elsewhere, and it scales.
 *
 * @param inputs - the shape of each input, `{ image: [1, 224, 224, 3] }`
 * @throws {ShapeError} when the network cannot take the inputs
 * @throws {OptionError} when an option is out of range, or there is too much to draw
 */
export function toSvg(graph: Graph, inputs: Readonly<Record<string, Shape>>, options: SvgOptions = {}): string {
  requireOneOf('theme', options.theme, Object.keys(themes))
  const theme = themes[options.theme ?? 'light']
  const drawing = toDrawing(graph, inputs, options)
  const layout = drawing.view === 'network' ? columns : lanes
  const origin = { x: margin, y: margin + headerHeight }
  const scene = layout(drawing, origin)
  const title = shorten(drawing.title, 80)
  const facts = shorten(drawing.facts.join('  ·  '), 160)
  const least = Math.max(widthOf(title, 26, true), widthOf(facts, 14), 320)
  const inner = Math.ceil(Math.max(scene.width, least))
  const aside = Math.round((inner - scene.width) / 2)
  const bottom = margin + headerHeight + scene.height + 24
  const key = legend(drawing, theme, { x: margin, y: bottom }, inner)
  const [width, height] = [inner + 2 * margin, Math.ceil(bottom + key.height + margin - 8)]
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, escapeXml(drawing.title)),
    element('desc', {}, escapeXml(describe(drawing))),
    element('rect', { width, height, fill: theme.background }),
    header(title, facts, theme),
    element('g', { transform: aside > 0 ? `translate(${aside} 0)` : undefined }, paintScene(scene, theme)),
    key.svg,
  )
}

function header(title: string, facts: string, theme: Theme): string {
  const heading = label({ x: margin, y: margin + 22 }, title, { size: 26, fill: theme.text, bold: true })
  return heading + label({ x: margin, y: margin + 48 }, facts, { size: 14, fill: theme.muted })
}

/** The drawing in words, for those who cannot see it. */
function describe({ frames, facts }: Drawing): string {
  const boxWords = ({ title, tag, count, shape, shortcut, outputs }: Box) =>
    [
      `${count > 1 ? `${count} × ` : ''}${title}`,
      tag,
      shape,
      shortcut ? `${shortcut} shortcut` : '',
      outputs.length > 0 ? `output ${outputs.join(', ')}` : '',
    ]
      .filter((words) => words !== '')
      .join(', ')
  const frameWords = frames.map(({ title, facts: own, boxes }) => {
    const heading = [title, own.join(', ')].filter((words) => words !== '').join(', ')
    return `${heading && `${heading}: `}${boxes.map(boxWords).join('; ')}.`
  })
  return `${facts.join(', ')}. ${frameWords.join(' ')}`
}
