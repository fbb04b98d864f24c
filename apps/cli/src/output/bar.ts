const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/**
 * A horizontal bar, drawn to an eighth of a column.
 *
 * @param share - in [0, 1], of `width` columns
 */
export function bar(share: number, width: number): string {
  const length = Math.round(share * width * 8)
  return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]
}
