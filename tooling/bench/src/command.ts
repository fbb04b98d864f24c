import { kernelsDocument, measureAll, requireEngineInNode } from './kernels/command.js'
import { kernelsSection, kernelsText } from './kernels/table.js'
import { type Options, parseOptions, usage } from './options.js'
import { usualPeers } from './peers/names.js'
import type { Job } from './race/job.js'
import type { RuntimeName } from './race/runner.js'
import { machineOf } from './report/machine.js'
import { commandOf, racesSection } from './report/markdown.js'
import { type Row, rowOf } from './report/row.js'
import { findSection, writeSection } from './report/section.js'
import { describeRow, textTable } from './report/table.js'
import type { RaceRuntime } from './runtimes/runtime.js'
import { type CountJob, jobsOfCount, type NetworkCounts } from './webgpu/job.js'
import { countsSection, countsText } from './webgpu/table.js'

/** What the command does to the world. */
export interface World {
  /** To stdout. */
  print(text: string): void
  /** To stderr. */
  report(text: string): void
  /** @param node - the path of Node, if another is asked for */
  open(runtime: RuntimeName, node?: string): Promise<RaceRuntime>
  /** Counts what networks ask of a GPU. */
  count(jobs: readonly CountJob[]): Promise<NetworkCounts[]>
  /** Ends it early. */
  readonly signal: AbortSignal
}

/** `pnpm bench`: returns the exit code, 0 when all that can be raced was, 1 when a race is void or failed, 2 for misuse. */
export async function benchCommand(args: readonly string[], world: World): Promise<0 | 1 | 2> {
  let options: Options
  try {
    const parsed = parseOptions(args)
    if (parsed === undefined) {
      world.print(usage)
      return 0
    }
    options = parsed
    if (options.task === 'kernels') requireEngineInNode(options)
    if (options.write !== undefined) findSection(options.write, options.section)
  } catch (error) {
    world.report(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    return 2
  }
  switch (options.task) {
    case 'races':
      return benchRaces(options, args, world)
    case 'kernels':
      return benchKernels(options, args, world)
    case 'webgpu':
      return benchWebgpu(options, args, world)
    default:
      throw options.task satisfies never
  }
}

async function benchRaces(options: Options, args: readonly string[], world: World): Promise<0 | 1> {
  const machine = machineOf()
  const rows = await raceAll(options, world)
  world.print(options.json ? JSON.stringify({ rows, machine }, undefined, 2) : textTable(rows))
  const { write, section } = options
  if (write !== undefined) writeSection(write, section, racesSection(rows, machine, commandOf(args)))
  return rows.some(({ state }) => state === 'void' || state === 'failed') ? 1 : 0
}

async function benchKernels(options: Options, args: readonly string[], world: World): Promise<0 | 1> {
  const machine = machineOf()
  const results = await measureAll(options, world.report, world.signal)
  const document = kernelsDocument(results, machine)
  world.print(options.json ? JSON.stringify(document, undefined, 2) : kernelsText(results))
  const { write, section } = options
  if (write !== undefined) writeSection(write, section, kernelsSection(results, machine, commandOf(args)))
  return results.some(({ speeds }) => speeds === null) ? 1 : 0
}

async function benchWebgpu(options: Options, args: readonly string[], world: World): Promise<0> {
  const machine = machineOf()
  const counts = await world.count(options.models.flatMap((model) => jobsOfCount(model, options)))
  world.print(options.json ? JSON.stringify({ counts, machine }, undefined, 2) : countsText(counts))
  const { write, section } = options
  if (write !== undefined) writeSection(write, section, countsSection(counts, commandOf(args)))
  return 0
}

async function raceAll(options: Options, world: World): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of options.runtimes) {
    const runtime = await world.open(name, options.node)
    try {
      const jobs = jobsOf(options, name)
      for (const [index, job] of jobs.entries()) {
        world.signal.throwIfAborted()
        const row = rowOf(job, name, runtime.description, await runtime.perform(job, world.signal))
        rows.push(row)
        world.report(`[${index + 1}/${jobs.length}] ${describeRow(row)}`)
      }
    } finally {
      await runtime.close()
    }
  }
  return rows
}

/** Every race that the options ask for. */
function jobsOf(options: Options, runtime: RuntimeName): Job[] {
  const { us, memory, rounds, size } = options
  const opponents = options.peers ?? usualPeers(runtime)
  const settings = {
    us,
    memory,
    rounds,
    warmUpRounds: 5,
    warmUpMilliseconds: 1000,
    ...(size !== undefined && { size }),
  }
  return options.models.flatMap((model) =>
    options.batches.flatMap((batch) =>
      options.threads.flatMap((threads) => opponents.map((peer) => ({ model, batch, threads, peer, ...settings }))),
    ),
  )
}
