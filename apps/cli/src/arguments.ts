import { extname } from 'node:path'
import { InvalidArgumentError } from 'commander'

// What reads the values of arguments and options: each throws an InvalidArgumentError that says what one should be.

/** Whole numbers with commas between them, each once. */
export function wholeNumbers(least: number, most: number): (text: string) => readonly number[] {
  const parse = wholeNumber(least, most)
  return (text) => [...new Set(text.split(',').map(parse))]
}

/** A whole number. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `from ${least}`
    throw new InvalidArgumentError(`It should be a whole number ${range}.`)
  }
}

/** A number from 0 to 1. */
export function share(text: string): number {
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value <= 1) return value
  throw new InvalidArgumentError('It should be a number from 0 to 1.')
}

/** A path that ends in one of some extensions. */
export function fileNamed(...extensions: readonly string[]): (path: string) => string {
  return (path) => {
    if (extensions.includes(extname(path).toLowerCase())) return path
    const last = extensions.at(-1)!
    const others = extensions.slice(0, -1).join(', ')
    throw new InvalidArgumentError(`It should end in ${others ? `${others} or ` : ''}${last}.`)
  }
}
