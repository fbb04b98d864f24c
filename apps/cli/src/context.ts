import { type Colours, coloursFor } from './output/colours.js'
import { reportError } from './output/report.js'

/** What a command writes to, and what may end it. */
export interface Context {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Writes results, to stdout. */
  print(text: string): void
  /** Writes anything else, to stderr. */
  note(text: string): void
  /** Reports on stderr what went wrong; the rest may go on, but the exit code becomes 1. */
  fail(error: unknown): void
  /** Whether results go to a terminal, so that bars are welcome. */
  readonly terminal: boolean
  /** Colours of results: none where they are not welcome. */
  readonly colours: Colours
}

export function createContext(options: { readonly signal: AbortSignal; readonly verbose: boolean }): Context {
  const { signal, verbose } = options
  const noteColours = coloursFor(process.stderr)
  return {
    signal,
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${noteColours.dim(text)}\n`),
    fail(error) {
      reportError(error, verbose)
      process.exitCode = 1
    },
    terminal: process.stdout.isTTY === true,
    colours: coloursFor(process.stdout),
  }
}
