const longestName = 120

/**
 * A name that a file gave, fit to stand in a one-line message: control characters, line and paragraph separators
 * and direction marks escaped, and cut when it is long.
 */
export function quote(name: string): string {
  const text = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `'${text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeCharacter)}'`
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}

/** A shape as messages show it: `[64, 3, 7, 7]`. One of very many dimensions is cut. */
export function describeShape(shape: readonly number[]): string {
  const shown = shape.slice(0, 8).join(', ')
  return shape.length > 8 ? `[${shown}, … ${shape.length} dimensions]` : `[${shown}]`
}

/** The first few of many, and how many more there are. */
export function firstOf(texts: readonly string[], count = 3): string {
  const more = texts.length - count
  return more > 0 ? `${texts.slice(0, count).join(', ')} and ${more} more` : texts.join(', ')
}
