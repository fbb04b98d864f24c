import { availableParallelism, cpus } from 'node:os'
import { type Backend, BackendError } from '@resnet-ts/graph'
import { backendNamed, mostThreads, type NamedBackend } from '../backends.js'
import type { BenchJob, BenchResult } from '../bench/measure.js'
import { type NetworkArguments, networkOf } from '../bench/network.js'
import { measureApart } from '../bench/process.js'
import type { Context } from '../context.js'
import { describeError } from '../output/report.js'
import { table } from '../output/table.js'
import { latency, megabytes, rounded } from '../output/units.js'

export interface BenchArguments extends Omit<NetworkArguments, 'model'> {
  readonly backend?: readonly NamedBackend[]
  readonly threads?: readonly number[]
  readonly batch: readonly number[]
  readonly rounds: number
  readonly inputSize?: number
  readonly json?: boolean
}

/** One measurement as `--json` gives it: what was asked for, and what came of it or what went wrong. */
type Entry = Pick<BenchJob, 'threads' | 'batch' | 'rounds'> &
  ((BenchResult & { readonly imagesPerSecond: number }) | { readonly backend: string; readonly error: string })

/** What was measured, and where. */
interface About {
  readonly model: string
  /** Height and width of the images, in pixels. */
  readonly input: readonly number[]
  readonly weights: string | null
  readonly machine: ReturnType<typeof machineOf>
}

/** The backends that are measured where none is named: the reference is not made to be fast. */
const usual: readonly NamedBackend[] = ['wasm', 'tfjs', 'node']

/** `resnet bench <model>` */
export async function bench(model: string, options: BenchArguments, context: Context): Promise<void> {
  const { weights, config, inputSize, rounds } = options
  const network = { model, ...(weights !== undefined && { weights }), ...(config !== undefined && { config }) }
  // Whatever is wrong with it is told once.
  const { size } = await networkOf(network, context)
  const input = inputSize === undefined ? size : [inputSize, inputSize]
  const entries: Entry[] = []
  for (const backend of await available(options.backend, context)) {
    for (const threads of threadsOf(backend, options.threads)) {
      for (const batch of options.batch) {
        const job = { ...network, backend, threads, batch, rounds, ...(inputSize !== undefined && { inputSize }) }
        entries.push(await entryOf(job, context))
      }
    }
  }
  const about = { model, input, weights: weights ?? null, machine: machineOf() }
  if (options.json) context.print(JSON.stringify({ ...about, results: entries }, undefined, 2))
  else printTable(about, entries, context)
}

function machineOf() {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown'
  return { cpu, cores: availableParallelism(), node: process.versions.node }
}

/** Those that run here, each once; of those that were not asked for, the others are passed over with a note. */
async function available(asked: readonly NamedBackend[] | undefined, context: Context): Promise<NamedBackend[]> {
  const found: NamedBackend[] = []
  for (const name of new Set(asked ?? usual)) {
    const backend = await backendNamed(name)
    const availability = await backend.isAvailable()
    if (availability.available) found.push(name)
    else if (asked) context.fail(notAvailable(backend, availability.reason))
    else context.note(`left out ${backend.name}: ${availability.reason}`)
  }
  return found
}

function notAvailable({ name }: Backend, reason: string): BackendError {
  return new BackendError({ subject: `backend '${name}'`, expected: 'to be available', found: reason })
}

function threadsOf(backend: NamedBackend, asked: readonly number[] | undefined): readonly number[] {
  const most = mostThreads[backend]
  if (most === 1) return [1]
  return asked ?? [...new Set([1, Math.min(availableParallelism(), most)])]
}

async function entryOf(job: BenchJob, context: Context): Promise<Entry> {
  const { threads, batch, rounds, backend } = job
  const asked = { threads, batch, rounds }
  try {
    const result = await measureApart(job, context.signal)
    const imagesPerSecond = rounded((1000 * batch) / result.latency.median)
    return { ...result, ...asked, imagesPerSecond }
  } catch (error) {
    context.signal.throwIfAborted()
    context.fail(error)
    return { backend, ...asked, error: describeError(error) }
  }
}

function printTable({ model, input, weights, machine }: About, entries: readonly Entry[], context: Context): void {
  const cores = machine.cores === 1 ? '1 core' : `${machine.cores} cores`
  const where = `${machine.cpu}, ${cores}, Node ${machine.node}`
  context.note(`${model}, ${input.join(' × ')}, ${weights ?? 'drawn weights'}; ${where}`)
  const heading = ['backend', 'threads', 'batch', 'latency', 'quartiles', 'images/s', 'load', 'first run', 'memory']
  const alignments = ['left', ...heading.slice(1).map(() => 'right' as const)] as const
  const [first, ...lines] = table([heading, ...entries.map(cellsOf)], alignments)
  context.print([context.colours.bold(first!), ...lines].join('\n'))
}

function cellsOf(entry: Entry): string[] {
  const asked = [entry.backend, String(entry.threads), String(entry.batch)]
  if ('error' in entry) return [...asked, ...Array<string>(6).fill('–')]
  const { median, lower, upper } = entry.latency
  const speed = [latency(median), `${latency(lower)} – ${latency(upper)}`, entry.imagesPerSecond.toFixed(1)]
  return [...asked, ...speed, latency(entry.load), latency(entry.first), megabytes(entry.memory)]
}
