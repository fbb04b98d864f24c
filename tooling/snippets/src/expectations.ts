/**
 * Examples say what they print: `console.log(sum) // 1179648: two convolutions`. What stands behind `//` is the text printed, or
 * the text printed, a colon, and an explanation; `…` stands for anything (`0.98…`).
 */

const commented = /^(\s*)console\.log(\(.*\)) \/\/ (.+)$/gm

/** The code with each commented `console.log` made a call that compares; lines stay where they are. */
export function withExpectations(code: string): { code: string; expected: string[] } {
  const expected: string[] = []
  const comparing = code.replace(commented, (_line, indent: string, call: string, comment: string) => {
    expected.push(comment)
    return `${indent}globalThis.compareLog(${expected.length - 1})${call}`
  })
  return { code: comparing, expected }
}

/** Whether a comment announces what was printed. White space does not count where lines break, nor within brackets. */
export function announces(comment: string, printed: string): boolean {
  const text = collapse(comment)
  const ends = [...text.matchAll(/: /g)].map((match) => match.index)
  return [text.length, ...ends].some((end) => matches(text.slice(0, end), collapse(printed)))
}

const collapse = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[[{]) | (?=[\]}])/g, '')
    .trim()

function matches(pattern: string, text: string): boolean {
  const literals = pattern.split('…').map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${literals.join('.*')}$`).test(text)
}
