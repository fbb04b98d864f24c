import process from 'node:process'
import { ResnetError } from '@resnet-ts/graph'
import { type BenchJob, measure } from './measure.js'
import type { BenchReply } from './process.js'

// The process of one measurement: it is sent a job, answers, and ends, whatever threads are left running.
process.once('message', async (job: BenchJob) => {
  const reply = await measure(job, new AbortController().signal).then(
    (result): BenchReply => ({ kind: 'measured', result }),
    failure,
  )
  process.send?.(reply, () => process.exit())
})
// Nobody is left to answer.
process.once('disconnect', () => process.exit(1))
// A Ctrl-C reaches it too; who asked for the measurement ends it.
process.on('SIGINT', () => undefined)

function failure(error: unknown): BenchReply {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ResnetError)) return { kind: 'failed', message }
  const { cause: _, ...details } = error.details
  return { kind: 'failed', details, message }
}
