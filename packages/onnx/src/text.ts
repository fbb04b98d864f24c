const longestName = 120

/** A name that a file gave, fit to stand in a one-line message: whatever is no plain character escaped, and cut. */
export function quote(name: string): string {
  const text = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `'${text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)}'`
}

/** A shape as messages show it: `[64, 3, 7, 7]`. One of very many axes is cut. */
export function describeShape(shape: readonly number[]): string {
  const shown = shape.slice(0, 8).join(', ')
  return shape.length > 8 ? `[${shown}, … ${shape.length} axes]` : `[${shown}]`
}
