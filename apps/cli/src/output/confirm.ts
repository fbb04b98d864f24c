import { createInterface } from 'node:readline/promises'
import { OptionError } from '@resnet-ts/graph'

/**
 * Asks whoever sits at the terminal, on stderr.
 *
 * @returns whether the answer was yes; an answer that is empty, or ends without one, is none
 * @throws {OptionError} where there is no terminal
 * @throws the signal's reason once it is aborted
 */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new OptionError({
      subject: 'the question',
      expected: 'a terminal to ask it at',
      found: 'none',
      advice: 'give the name of a model, or --yes',
    })
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    // The reader takes Ctrl-C for itself: it is passed on to whoever listens for the process.
    reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')))
    const answer = await Promise.race([reader.question(`${question} [y/N] `, { signal }), ended])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    reader.close()
  }
}
