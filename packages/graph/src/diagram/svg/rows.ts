import type { Box, Drawing } from '../drawing.js'
import { shorten, widthOf } from './paint.js'
import type { Row } from './scene.js'

const mostLetters = 44
/** Where a list of layers is broken. */
const lineLetters = 34

export const boxPadding = 12
const titleSize = 14
const size = 12
export const asideSize = 12

/** What is written in a box. */
export function rowsOf(box: Box, view: Drawing['view']): readonly Row[] {
  if (box.kind === 'value') return [titleRow(box, box.shape)]
  return view === 'network' ? looseRows(box) : ruledRows(box)
}

function titleRow({ title }: Box, aside = ''): Row {
  return { text: shorten(title, mostLetters), aside, height: 20, size: titleSize, tone: 'title', ruled: false }
}

/** A block in a few lines: what it is, its layers, its shape. */
function looseRows(box: Box): readonly Row[] {
  const row = (text: string, tone: Row['tone']): Row => ({
    text: shorten(text, mostLetters),
    aside: '',
    height: 16,
    size,
    tone,
    ruled: false,
  })
  const outputs = box.outputs.map((output) => row(`→ ${output}`, 'plain'))
  const details = brokenAtDots(box.details).map((line) => row(line, 'plain'))
  return [titleRow(box), ...details, row(box.shape, 'muted'), ...outputs]
}

/** A row for each layer, the shape beside the last. */
function ruledRows(box: Box): readonly Row[] {
  const lines = [...box.details, ...box.outputs.map((output) => `→ ${output}`)]
  if (lines.length === 0 && box.tag === '') return [titleRow(box, box.shape)]
  const ruled = lines.length > 0 ? lines : ['']
  return [
    titleRow(box),
    ...ruled.map((text, index): Row => {
      const aside = index === ruled.length - 1 ? box.shape : ''
      return { text: shorten(text, mostLetters), aside, height: 23, size, tone: 'plain', ruled: true }
    }),
  ]
}

/** The least size in which a box holds its rows. */
export function sizeOf(box: Box, rows: readonly Row[]): { readonly width: number; readonly height: number } {
  const tags = [box.tag, box.count > 1 ? `× ${box.count}` : ''].filter((tag) => tag !== '')
  const beside = tags.reduce((sum, tag) => sum + tagWidth(tag) + 8, 0)
  const widths = rows.map((row) => {
    const aside = row.aside ? widthOf(row.aside, asideSize) + 20 : 0
    return widthOf(row.text, row.size, row.tone === 'title') + aside + (row.tone === 'title' ? beside : 0)
  })
  return {
    width: Math.max(132, Math.ceil(Math.max(...widths)) + 2 * boxPadding),
    height: rows.reduce((sum, row) => sum + row.height, 0) + (rows.some((row) => row.ruled) ? 10 : 14),
  }
}

/** The width of a pill with a few words in it. */
export function tagWidth(words: string): number {
  return widthOf(words, 11, true) + 12
}

function brokenAtDots(details: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const detail of details) {
    const line = lines.at(-1)
    const longer = line === undefined ? detail : `${line} · ${detail}`
    if (line === undefined || longer.length > lineLetters) lines.push(detail)
    else lines[lines.length - 1] = longer
  }
  return lines
}
