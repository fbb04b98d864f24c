import { CommanderError } from 'commander'
import { createProgram } from './program.js'

/** What a shell expects of a command that was interrupted: 128 and the signal's number. */
const interruptedCode = 130

/**
 * Runs the command. It sets `process.exitCode`: 0 only if all went well, 1 when something failed, 2 when the command
 * was misused, 130 when it was interrupted; the process then ends by itself.
 *
 * @param argv - as in `process.argv`: the first two are not looked at
 */
export async function main(argv: readonly string[]): Promise<void> {
  const interruption = new AbortController()
  // Once: a second Ctrl-C ends the process at once, as it would without us.
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  endWithReader()
  const program = createProgram(interruption.signal)
  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and the version, when asked for, come as errors of exit code 0; commander has written what there is to say.
      process.exitCode = error.exitCode === 0 ? 0 : 2
    } else if (interruption.signal.aborted) {
      process.stderr.write('interrupted\n')
      process.exitCode = interruptedCode
    } else {
      const { reportError } = await import('./output/report.js')
      reportError(error, program.opts().verbose === true)
      process.exitCode = 1
    }
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** Ends quietly when whoever reads the output has had enough, as `head` does; in a sentence when it cannot be written. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') process.exit()
      if (stream === process.stdout) process.stderr.write(`error: the results cannot be written (${message}).\n`)
      process.exit(1)
    })
  }
}
