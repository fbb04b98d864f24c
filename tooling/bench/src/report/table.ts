import type { Row } from './row.js'

const heading = ['model', 'batch', 'threads', 'runtime', 'us', 'ms', 'peer', 'ms', 'us / peer', 'quartiles']
const numeric = new Set([1, 2, 5, 7, 8])

/** Races as lines of aligned columns, one a race. */
export function textTable(rows: readonly Row[]): string {
  return aligned([heading, ...rows.map(cellsOf)], numeric).join('\n')
}

/** Races as a table of Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  return markdown(heading, rows.map(cellsOf), numeric)
}

/** Any table of Markdown, its columns aligned in the source too. */
export function markdown(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: ReadonlySet<number>,
): string {
  const cells = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = titles.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)))
  const pad = (cell: string, column: number) =>
    numbers.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`
  const rule = widths.map((width, column) => (numbers.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(cells[0]!), `| ${rule.join(' | ')} |`, ...cells.slice(1).map(line)].join('\n')
}

/** Rows as lines of aligned columns, two spaces apart. */
export function aligned(rows: readonly (readonly string[])[], numbers: ReadonlySet<number>): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      numbers.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    )
    return cells.join('  ').trimEnd()
  })
}

function cellsOf(row: Row): string[] {
  const { model, batch, threads, runtime, us, usMs, peer, peerMs, ratio, spread, state, reason } = row
  const asked = [model, String(batch), String(threads), runtime, us]
  if (usMs === null || peerMs === null || ratio === null || spread === null) {
    return [...asked, '–', peer, '–', '–', `${state}: ${reason}`]
  }
  const quartiles = spread.ratio.map((value) => value.toFixed(3)).join(' to ')
  return [...asked, milliseconds(usMs), peer, milliseconds(peerMs), ratio.toFixed(3), quartiles]
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1)
}

/** One race in a line, as it is over. */
export function describeRow(row: Row): string {
  const { model, batch, threads, runtime, peer } = row
  const where = `${model}, batch ${batch}, ${threads === 1 ? '1 thread' : `${threads} threads`}, ${runtime}`
  const { us, usMs, peerMs, ratio, state, reason } = row
  if (usMs === null || peerMs === null || ratio === null) return `${where}: ${peer}: ${state}: ${reason}`
  return `${where}: ${us} ${milliseconds(usMs)} ms, ${peer} ${milliseconds(peerMs)} ms, ratio ${ratio.toFixed(3)}`
}
