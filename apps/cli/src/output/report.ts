import { inspect } from 'node:util'
import { ResnetError } from '@resnet-ts/graph'
import { coloursFor } from './colours.js'
import { printable } from './text.js'

/**
 * Writes an error to stderr: typed ones say in one sentence all there is to say; of others, which nobody foresaw, the
 * message is told and how to learn more.
 *
 * @param verbose - whether to tell where it comes from
 */
export function reportError(error: unknown, verbose: boolean): void {
  const prefix = coloursFor(process.stderr).red('error:')
  process.stderr.write(`${prefix} ${describeError(error)}${verbose ? `\n${inspect(error)}` : ''}\n`)
}

/** An error in one sentence, on one line. */
export function describeError(error: unknown): string {
  const message = printable(error instanceof Error ? error.message : String(error))
  return error instanceof ResnetError ? message : `unexpected: ${message} (run with --verbose to see where)`
}
