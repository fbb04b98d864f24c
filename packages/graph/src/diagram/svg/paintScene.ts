import type { Edge } from '../drawing.js'
import { partTitleSize } from './lanes.js'
import { arrowhead, element, escapeXml, label, type Point, towards, waySvg } from './paint.js'
import { asideSize, boxPadding, tagWidth } from './rows.js'
import type { Circle, PlacedBox, PlacedFrame, Route, Scene } from './scene.js'
import type { Hue, Theme } from './theme.js'

/** A scene in the colours of a theme. */
export function paintScene(scene: Scene, theme: Theme): string {
  const hueOf = (stage: number | undefined) =>
    stage === undefined ? theme.neutral : theme.stages[stage % theme.stages.length]!
  const flow = scene.routes.filter((route) => route.kind === 'flow')
  const shortcuts = scene.routes.filter((route) => route.kind !== 'flow')
  const routeSvg = ({ points, kind, arrow, stage }: Route) =>
    lineSvg(points, kind, kind === 'flow' ? theme.line : hueOf(stage).strong, arrow)
  return [
    ...scene.frames.map((frame) => frameSvg(frame, hueOf(frame.stage), theme)),
    ...flow.map(routeSvg),
    ...shortcuts.map(routeSvg),
    ...scene.boxes.map((placed) => boxSvg(placed, hueOf(placed.stage), theme)),
    ...scene.circles.map((circle) => signSvg(circle, hueOf(circle.stage), theme)),
  ].join('')
}

/** A way through the layers, or a shortcut. */
export function lineSvg(points: readonly Point[], kind: Edge['kind'], color: string, arrow: boolean): string {
  const tip = points.at(-1)!
  const before = points.at(-2)!
  const stroke = {
    fill: 'none',
    stroke: color,
    'stroke-width': kind === 'flow' ? 1.6 : 2,
    'stroke-dasharray': kind === 'dashed' ? '6 4' : undefined,
  }
  // The line ends inside the arrowhead, not at its tip.
  const ends = arrow ? [...points.slice(0, -1), towards(tip, before, 6)] : points
  const line = element('path', { d: waySvg(ends, 9), ...stroke })
  const name = kind === 'flow' ? 'flow' : `shortcut ${kind}`
  return element('g', { class: name }, line, arrow ? arrowhead(before, tip, color) : '')
}

/** The circle in which two values meet. */
export function signSvg({ x, y, radius, sign, title }: Circle, hue: Hue, theme: Theme): string {
  const arm = radius * (sign === '+' ? 0.55 : 0.4)
  const strokes =
    sign === '+'
      ? `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`
      : `M${x - arm} ${y - arm}L${x + arm} ${y + arm}M${x - arm} ${y + arm}L${x + arm} ${y - arm}`
  return element(
    'g',
    { class: sign === '+' ? 'sum' : 'product' },
    ...(title ? [element('title', {}, escapeXml(title))] : []),
    element('circle', { cx: x, cy: y, r: radius, fill: theme.background, stroke: hue.strong, 'stroke-width': 1.6 }),
    element('path', { d: strokes, stroke: hue.strong, 'stroke-width': 1.6 }),
  )
}

function frameSvg(frame: PlacedFrame, hue: Hue, theme: Theme): string {
  const { kind, title, facts, x, y, width, height } = frame
  if (kind === 'inner') {
    const outline = { rx: 10, fill: 'none', stroke: hue.edge, 'stroke-width': 1, 'stroke-dasharray': '2 3' }
    const name = label({ x: x + 10, y: y + 17 }, title, { size: partTitleSize, fill: hue.strong, bold: true })
    return element('g', { class: 'part' }, element('rect', { x, y, width, height, ...outline }), name)
  }
  if (kind === 'layers' && title === '' && facts.length === 0) return ''
  const [shape, ...costs] = facts.length > 2 ? facts : ['', ...facts]
  return element(
    'g',
    { class: 'frame' },
    element('rect', { x, y, width, height, rx: 14, fill: theme.frame.fill, stroke: theme.frame.edge }),
    label({ x: x + 18, y: y + 25 }, title, { size: 15, fill: hue.strong, bold: true }),
    ...(shape ? [label({ x: x + width - 18, y: y + 25 }, shape, { size: 12, fill: theme.text, anchor: 'end' })] : []),
    ...(costs.length > 0 ? [label({ x: x + 18, y: y + 44 }, costs.join(' · '), { size: 12, fill: theme.muted })] : []),
  )
}

function boxSvg({ box, rows, x, y, width, height }: PlacedBox, hue: Hue, theme: Theme): string {
  const rx = box.kind === 'value' ? 16 : 8
  const body = { width, height, rx, fill: hue.fill, stroke: hue.edge, 'stroke-width': 1.3 }
  // A pile of cards for several blocks in one.
  const pile = box.count > 1 ? [8, 4].map((offset) => element('rect', { ...body, x: x + offset, y: y + offset })) : []
  let top = y + (rows.some((row) => row.ruled) ? 6 : 6)
  const lines = rows.map((row) => {
    const rule = row.ruled
      ? element('path', { d: `M${x} ${top}H${x + width}`, stroke: hue.edge, 'stroke-width': 0.8 })
      : ''
    const at = { x: x + boxPadding, y: top + row.height / 2 + row.size * 0.36 }
    top += row.height
    const fill = row.tone === 'muted' ? theme.muted : theme.text
    const right = { x: x + width - boxPadding, y: at.y }
    const aside = row.aside ? label(right, row.aside, { size: asideSize, fill: theme.muted, anchor: 'end' }) : ''
    const text = row.text ? label(at, row.text, { size: row.size, fill, bold: row.tone === 'title' }) : ''
    return rule + text + aside
  })
  return element(
    'g',
    { class: `box ${box.kind}` },
    element('title', {}, escapeXml(box.names.join(', '))),
    ...pile,
    element('rect', { ...body, x, y }),
    ...lines,
    ...tags(box.tag, box.count, { x: x + width - boxPadding, y: y + 6 }, hue, theme),
  )
}

/** Pills at the right of a title. */
function tags(tag: string, count: number, { x, y }: Point, hue: Hue, theme: Theme): string[] {
  let right = x
  const words = [...(count > 1 ? [`× ${count}`] : []), ...(tag ? [tag] : [])]
  return words.map((word) => {
    const width = tagWidth(word)
    right -= width
    const pill = element('rect', { x: right, y: y + 1, width, height: 18, rx: 9, fill: hue.strong })
    const middle = right + width / 2
    right -= 6
    return (
      pill + label({ x: middle, y: y + 14 }, word, { size: 11, fill: theme.background, bold: true, anchor: 'middle' })
    )
  })
}
