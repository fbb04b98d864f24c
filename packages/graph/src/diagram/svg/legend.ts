import type { Drawing, Edge } from '../drawing.js'
import { element, label, type Point, shorten, widthOf } from './paint.js'
import { lineSvg, signSvg } from './paintScene.js'
import type { Theme } from './theme.js'

interface Entry {
  readonly words: string
  readonly width: number
  /** Draws the sample in a field of that width and 20 pixels high. */
  sample(at: Point): string
}

const size = 12.5

/** What the lines mean, in rows as wide as the drawing; nothing that does not occur in it. */
export function legend(drawing: Drawing, theme: Theme, { x, y }: Point, width: number) {
  let column = x
  let row = y
  const painted = entriesOf(drawing, theme).map(({ words, width: wide, sample }) => {
    const room = wide + 10 + widthOf(words, size) + 28
    if (column > x && column + room - 28 > x + width) {
      column = x
      row += 26
    }
    const at = { x: column, y: row }
    column += room
    return sample(at) + label({ x: at.x + wide + 10, y: at.y + 14.5 }, words, { size, fill: theme.muted })
  })
  const height = painted.length === 0 ? 0 : row - y + 26
  return { svg: element('g', { class: 'legend' }, ...painted), height }
}

function entriesOf({ view, frames, edges, dashed }: Drawing, theme: Theme): readonly Entry[] {
  const boxes = frames.flatMap((frame) => frame.boxes)
  const line = (kind: Edge['kind'], words: string): Entry => ({
    words,
    width: 40,
    sample: ({ x, y }) => {
      const points = [
        { x, y: y + 10 },
        { x: x + 40, y: y + 10 },
      ]
      return lineSvg(points, kind, theme.frame.strong, true)
    },
  })
  const sign = (of: '+' | '×', words: string): Entry => ({
    words,
    width: 18,
    sample: ({ x, y }) =>
      signSvg({ x: x + 9, y: y + 10, radius: 8, sign: of, title: '', stage: undefined }, theme.neutral, theme),
  })
  const hasSums = boxes.some((box) => box.kind === 'sum' || (view === 'network' && box.shortcut))
  return [
    ...(edges.some(({ kind }) => kind === 'solid') ? [line('solid', 'identity shortcut')] : []),
    ...(dashed.length > 0 ? [line('dashed', `shortcut through ${shorten(dashed.join(', or '), 110)}`)] : []),
    ...(hasSums ? [sign('+', 'sum')] : []),
    ...(boxes.some((box) => box.kind === 'product') ? [sign('×', 'product, channel by channel')] : []),
  ]
}
