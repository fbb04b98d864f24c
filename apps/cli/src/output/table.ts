import { widthOf } from './text.js'

export type Alignment = 'left' | 'right'

/**
 * Rows as lines of aligned columns, two spaces apart.
 *
 * @param alignments - one a column; the last column of a row is not padded to the right
 */
export function table(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) => rows.reduce((most, row) => Math.max(most, widthOf(row[column]!)), 0))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - widthOf(cell))
        return alignments[column] === 'left' ? cell + space : space + cell
      })
      .join('  ')
      .trimEnd(),
  )
}
