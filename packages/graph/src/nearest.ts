/**
 * The known names that are nearest to one, capitals and punctuation aside: those that it begins first, then the fewest
 * letters to change.
 */
export function nearestNames(name: string, known: Iterable<string>, count: number): string[] {
  const wanted = plain(name.slice(0, 100))
  const steps = (other: string) => (wanted && other.startsWith(wanted) ? 0 : distance(wanted, other))
  return [...known]
    .map((each) => ({ each, steps: steps(plain(each)) }))
    .sort((left, right) => left.steps - right.steps)
    .slice(0, count)
    .map(({ each }) => each)
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** How many letters have to be put in, taken out or changed (Levenshtein 1966). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const above = row
    row = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const changed = above[column - 1]! + (to[column - 1] === letter ? 0 : 1)
      row.push(Math.min(changed, above[column]! + 1, row[column - 1]! + 1))
    }
  }
  return row[to.length]!
}
