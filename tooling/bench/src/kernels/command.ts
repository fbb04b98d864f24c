import { fileURLToPath } from 'node:url'
import { OptionError } from '@resnet-ts/graph'
import type { Options } from '../options.js'
import type { Machine } from '../report/machine.js'
import { ask } from '../runtimes/node/ask.js'
import { describeNode } from '../runtimes/node/describe.js'
import type { KernelJob, KernelSpeeds } from './measure.js'
import type { KernelResult } from './table.js'

const child = fileURLToPath(new URL('../../dist/kernels/child.js', import.meta.url))

/**
 * That the options are for `pnpm bench kernels`, which measures our engine alone, in Node.
 *
 * @throws {OptionError} when they are not
 */
export function requireEngineInNode({ runtimes, us, peers }: Options): void {
  const fail = (subject: string, expected: string, found: string) => {
    throw new OptionError({ subject, expected: `${expected} with kernels`, found })
  }
  if (runtimes.some((runtime) => runtime !== 'node')) fail('--runtime', 'node', runtimes.join(', '))
  if (us !== 'wasm') fail('--us', 'wasm', us)
  if (peers) fail('--peer', 'none', peers.join(', '))
}

/** Measures each network that the options name, in a process of its own. */
export async function measureAll(
  options: Options,
  report: (text: string) => void,
  signal: AbortSignal,
): Promise<KernelResult[]> {
  const { node = process.execPath } = options
  const runtimeVersion = await describeNode(node)
  const results: KernelResult[] = []
  const jobs = jobsOf(options)
  for (const [index, job] of jobs.entries()) {
    signal.throwIfAborted()
    report(`[${index + 1}/${jobs.length}] ${job.model}, batch ${job.batch}, threads ${job.threads}`)
    const reply = await ask<KernelSpeeds>(node, child, job, signal)
    results.push(
      'answer' in reply
        ? { job, runtimeVersion, speeds: reply.answer, reason: null }
        : { job, runtimeVersion, speeds: null, reason: reply.failure },
    )
  }
  return results
}

/** As `--json` gives it. */
export function kernelsDocument(results: readonly KernelResult[], machine: Machine): object {
  const kernels = results.map(({ job, ...rest }) => ({ ...job, ...rest }))
  return { kernels, machine }
}

function jobsOf({ models, batches, threads, memory, rounds, size }: Options): KernelJob[] {
  return models.flatMap((model) =>
    batches.flatMap((batch) =>
      threads.map((count) => ({ model, batch, threads: count, memory, rounds, ...(size !== undefined && { size }) })),
    ),
  )
}
