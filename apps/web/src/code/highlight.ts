/** A stretch of code, and what it is where that is told by its colour. */
export interface Token {
  readonly kind: 'comment' | 'string' | 'keyword' | 'number' | undefined
  readonly text: string
}

const kinds = ['comment', 'string', 'keyword', 'number'] as const
const pattern =
  /(\/\/.*)|('(?:\\.|[^'\\])*')|\b(import|from|const|await|for|of|let|new|return|async|as|if|else)\b|\b(\d+(?:\.\d+)?)\b/g

/** Code in stretches; together they are the code. */
export function highlight(code: string): readonly Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: undefined, text: code.slice(end, match.index) })
    tokens.push({ kind: kinds.find((_, index) => match[index + 1] !== undefined), text: match[0] })
    end = match.index + match[0].length
  }
  if (end < code.length) tokens.push({ kind: undefined, text: code.slice(end) })
  return tokens
}
