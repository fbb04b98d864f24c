import { parseArgs } from 'node:util'
import { reference } from '@resnet-ts/backend-reference'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { type Backend, OptionError } from '@resnet-ts/graph'
import { type Form, type Measurement, measure } from './measure.js'
import { type GoldenRun, goldenRunFamilies, goldenRuns } from './runs.js'
import { cells, type GoldenResult, goldenPage, goldenTable } from './table.js'

const usage = `usage: pnpm golden [NETWORK | PREFIX* | ${goldenRunFamilies.join(' | ')}]…

Runs networks with golden weights on tfjs-wasm, as they are written and folded and fused, and compares what they answer
with PyTorch. All of them: writes docs/golden.md. Some: prints their table. Exits with 1 when one is out of bounds.`

/** What the command does to the world. */
export interface GoldenSurroundings {
  /** To stdout. */
  print(text: string): void
  /** To stderr. */
  report(text: string): void
  /** Writes docs/golden.md. */
  save(page: string): void
  /** What computes a network. */
  backendFor(run: Pick<GoldenRun, 'parameters'>): Backend
}

/**
 * tfjs's WebAssembly memory ends at 2 GiB and holds most weights twice, as they came and as XNNPACK packs them: the 194
 * million of resnext101_32x16d fit, the 469 million of resnext101_32x32d do not.
 */
const mostParametersInWasm = 200_000_000

export function backendFor({ parameters }: Pick<GoldenRun, 'parameters'>): Backend {
  return parameters > mostParametersInWasm ? reference() : tfjsWasm()
}

/** `pnpm golden`: returns the exit code, 0 when all is within bounds, 1 when something is not, 2 for misuse. */
export async function goldenCommand(args: readonly string[], world: GoldenSurroundings): Promise<0 | 1 | 2> {
  let runs: readonly GoldenRun[]
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) {
      world.print(usage)
      return 0
    }
    runs = selectRuns(positionals)
  } catch (error) {
    world.report(`${messageOf(error)}\n\n${usage}`)
    return 2
  }
  const results = await runAll(runs, world)
  if (runs.length === goldenRuns().length) world.save(goldenPage(results))
  else world.print(goldenTable(results))
  const faults = results.flatMap(({ run, measurements }) =>
    Object.entries(measurements).flatMap(([form, { faults }]) =>
      faults.map((fault) => `${run.name}, ${form}: ${fault}`),
    ),
  )
  world.report([...faults, `${results.length} networks, ${faults.length} out of bounds`].join('\n'))
  return faults.length > 0 ? 1 : 0
}

/**
 * The runs that some patterns name: a network, a prefix with a star, or a family; all of them when there is none.
 *
 * @throws {OptionError} when a pattern names nothing
 */
export function selectRuns(patterns: readonly string[]): GoldenRun[] {
  const runs = goldenRuns()
  const matches = (pattern: string, { name, family }: GoldenRun) =>
    pattern === family || pattern === name || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))
  for (const pattern of patterns) {
    if (runs.some((run) => matches(pattern, run))) continue
    throw new OptionError({
      subject: `'${pattern}'`,
      expected: `a network that there are golden numbers of, a prefix with a star, or ${goldenRunFamilies.join(', ')}`,
      found: 'none like it',
    })
  }
  return patterns.length === 0 ? runs : runs.filter((run) => patterns.some((pattern) => matches(pattern, run)))
}

async function runAll(runs: readonly GoldenRun[], world: GoldenSurroundings): Promise<GoldenResult[]> {
  const results: GoldenResult[] = []
  for (const run of runs) {
    const backend = world.backendFor(run)
    const measurements = {
      'as written': await measureOrFail(run, 'as written', backend),
      optimised: await measureOrFail(run, 'optimised', backend),
    }
    const { name, family, parameters } = run
    results.push({ run: { name, family, parameters }, backend: backend.name, measurements })
    world.report(`[${results.length}/${runs.length}] ${progressOf(run, backend, measurements)}`)
  }
  return results
}

/** A network that does not run at all is out of bounds, and the others go on. */
async function measureOrFail(run: GoldenRun, form: Form, backend: Backend): Promise<Measurement> {
  try {
    return await measure(run, form, backend)
  } catch (error) {
    const infinite = Number.POSITIVE_INFINITY
    return { largestError: infinite, share: infinite, place: '', faults: [messageOf(error)], milliseconds: 0 }
  }
}

function progressOf(run: GoldenRun, backend: Backend, measurements: GoldenResult['measurements']): string {
  const parts = Object.entries(measurements).map(([form, measurement]) => {
    const [error, share] = cells(measurement)
    return `${form} ${error} (${share}) in ${(measurement.milliseconds / 1000).toFixed(1)} s`
  })
  return `${run.name}, ${(run.parameters / 1e6).toFixed(1)} M, ${backend.name}: ${parts.join(', ')}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
