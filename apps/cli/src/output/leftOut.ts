import { printable } from './text.js'
import { exact } from './units.js'

/**
 * Which files were passed over, in a line: some of them, and how many more.
 *
 * @param why - what they are not
 */
export function describeLeftOut(files: readonly string[], why: string): string {
  const shown = files.slice(0, 3).map((file) => `'${printable(file)}'`)
  const more = files.length - shown.length
  return `left out ${shown.join(', ')}${more > 0 ? ` and ${exact(more)} more` : ''}: ${why}`
}
