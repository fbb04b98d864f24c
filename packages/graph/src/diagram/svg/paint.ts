// SVG as text. Looks are attributes, and arrowheads are paths, so that programs that know little of styles and markers
// (slides, word processors) show the same picture as browsers.

type Attributes = Readonly<Record<string, string | number | undefined>>

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

/** An element with children, which are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : escapeXml(value!)}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

/** Text as markup: what XML cannot hold at all is replaced. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Text without spaces at line ends, no longer than fits; the whole of it stands in the tooltip. */
export function shorten(text: string, most: number): string {
  const letters = [...text.replaceAll(/\s+/g, ' ')]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('')
}

// Fonts of the same widths on all systems, so that texts fit the boxes they were measured for.
const font = "Helvetica, Arial, 'Liberation Sans', sans-serif"

export interface Lettering {
  readonly size: number
  readonly fill: string
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** One line of text on its baseline. */
export function label({ x, y }: Point, text: string, { size, fill, bold, anchor = 'start' }: Lettering): string {
  const attributes = { x, y, 'font-family': font, 'font-size': size, 'font-weight': bold ? 600 : undefined, fill }
  return element('text', { ...attributes, 'text-anchor': anchor === 'start' ? undefined : anchor }, escapeXml(text))
}

/** How wide a line of text is in Arial, with some room for others in its place. */
export function widthOf(text: string, size: number, bold = false): number {
  const wide = [...text].reduce((sum, letter) => sum + letterWidth(letter), 0)
  return wide * size * (bold ? 1.12 : 1.05)
}

/** In ems; letters of other scripts are taken to be wide. */
function letterWidth(letter: string): number {
  if (/[ijlft.,:;|'!/\s()]/.test(letter)) return 0.29
  if (/[r·-]/.test(letter)) return 0.34
  if (/[mwMW→…@%]/.test(letter)) return 0.92
  if (/[A-Z&]/.test(letter)) return 0.7
  return /[\u0020-\u02ff]/.test(letter) ? 0.565 : 1.05
}

/** A way along the axes through all points, with round corners. */
export function waySvg(points: readonly Point[], radius: number): string {
  const parts = points.map((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (!before) return `M${decimal(point.x)} ${decimal(point.y)}`
    if (!after) return `L${decimal(point.x)} ${decimal(point.y)}`
    const start = towards(point, before, radius)
    const end = towards(point, after, radius)
    return `L${decimal(start.x)} ${decimal(start.y)}Q${decimal(point.x)} ${decimal(point.y)} ${decimal(end.x)} ${decimal(end.y)}`
  })
  return parts.join('')
}

/** The point at a distance from one point to another, or halfway if they are near. */
export function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

/** A triangle whose tip is at the end of a line. */
export function arrowhead(from: Point, tip: Point, fill: string): string {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1
  const [x, y] = [(tip.x - from.x) / length, (tip.y - from.y) / length]
  const corner = (side: number) => `${decimal(tip.x - 8 * x - side * 4 * y)} ${decimal(tip.y - 8 * y + side * 4 * x)}`
  return element('path', { d: `M${decimal(tip.x)} ${decimal(tip.y)}L${corner(1)}L${corner(-1)}Z`, fill })
}

function decimal(value: number): string {
  return String(Math.round(value * 100) / 100)
}
