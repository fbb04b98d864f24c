/** A fenced code block of a Markdown text. */
export interface Fence {
  /** The line on which its code begins, counted from 1. */
  readonly line: number
  /** What stands behind the opening fence: the language, then whatever else. */
  readonly info: readonly string[]
  readonly code: string
}

/** The fenced code blocks of a Markdown text, without the indentation that they have in a list. An unclosed one ends the text. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = []
  let open: { marks: string; indent: number; line: number; info: string[]; code: string[] } | undefined
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    if (!open) {
      const [, indent, marks, info] = /^( *)(`{3,}|~{3,})([^`]*)$/.exec(text) ?? []
      if (indent === undefined || marks === undefined || info === undefined) continue
      open = { marks, indent: indent.length, line: index + 2, info: info.split(' ').filter(Boolean), code: [] }
    } else if (isClosing(text, open.marks)) {
      fences.push({ line: open.line, info: open.info, code: `${open.code.join('\n')}\n` })
      open = undefined
    } else {
      open.code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)))
    }
  }
  if (open) fences.push({ line: open.line, info: open.info, code: `${open.code.join('\n')}\n` })
  return fences
}

function isClosing(text: string, marks: string): boolean {
  const trimmed = text.trim()
  return trimmed.length >= marks.length && trimmed === marks.charAt(0).repeat(trimmed.length)
}
