import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BackendError, type ErrorDetails } from '@resnet-ts/graph'
import type { BenchJob, BenchResult } from './measure.js'

/** What the process of a measurement answers. */
export type BenchReply =
  | { readonly kind: 'measured'; readonly result: BenchResult }
  /** What a typed error tells, or the message of another. */
  | { readonly kind: 'failed'; readonly details?: Omit<ErrorDetails, 'cause'>; readonly message: string }

/**
 * Measures one backend in a process of its own, so that its memory and threads are its alone.
 *
 * @throws {BackendError} when it fails there, or the process ends
 * @throws the signal's reason, when it is aborted; the process is ended then
 */
export async function measureApart(job: BenchJob, signal: AbortSignal): Promise<BenchResult> {
  signal.throwIfAborted()
  const reply = await ask(job, signal)
  if (reply.kind === 'measured') return reply.result
  if (reply.details) throw new BackendError(reply.details)
  throw new BackendError({ subject: `backend '${job.backend}'`, expected: 'to be measured', found: reply.message })
}

function ask(job: BenchJob, signal: AbortSignal): Promise<BenchReply> {
  return new Promise((resolve, reject) => {
    const module = fileURLToPath(new URL('child.js', import.meta.url))
    // What it prints is no result of ours.
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as ('ignore' | 'ipc')[]
    const child = fork(module, { execArgv: ['--expose-gc'], stdio, signal })
    let reply: BenchReply | undefined
    child.once('message', (message) => {
      reply = message as BenchReply
    })
    child.once('error', (error) => reject(signal.aborted ? signal.reason : error))
    child.once('close', (code, killedBy) => {
      const message = `a process that ended with ${killedBy ?? `the exit code ${code}`}`
      resolve(reply ?? { kind: 'failed', message })
    })
    child.send(job)
  })
}
