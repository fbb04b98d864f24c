import type { Spread } from '../race/statistics.js'
import { describeMachine, type Machine } from '../report/machine.js'
import { aligned, markdown } from '../report/table.js'
import type { KernelJob, KernelSpeeds, LayerSpeed } from './measure.js'

/** What was measured of one network, or why it was not. */
export interface KernelResult {
  readonly job: KernelJob
  readonly runtimeVersion: string
  readonly speeds: KernelSpeeds | null
  readonly reason: string | null
}

const heading = ['shape', 'layers', 'ms', 'GFLOP/s', 'quartiles', 'share of the tile']
const numeric = new Set([1, 2, 3, 5])

/** For a terminal. */
export function kernelsText(results: readonly KernelResult[]): string {
  return results
    .map((result) => {
      const rows = rowsOf(result)
      return [titleOf(result), ...(rows.length > 0 ? aligned([heading, ...rows], numeric) : [])].join('\n')
    })
    .join('\n\n')
}

/** For a section of docs/performance.md. */
export function kernelsSection(results: readonly KernelResult[], machine: Machine, command: string): string {
  const tables = results.flatMap((result) => {
    const rows = rowsOf(result)
    return [titleOf(result), ...(rows.length > 0 ? [markdown(heading, rows, numeric)] : [])]
  })
  const versions = [...new Set(results.map(({ runtimeVersion }) => runtimeVersion))].join('; ')
  const conditions = [`- Machine: ${describeMachine(machine)}.`, `- Runtime: ${versions}.`].join('\n')
  return [...tables, conditions, ['```sh', command, '```'].join('\n')].join('\n\n')
}

function titleOf({ job, speeds, reason }: KernelResult): string {
  const threads = job.threads === 1 ? '1 thread' : `${job.threads} threads`
  const what = `${job.model}, batch ${job.batch}, ${threads}`
  if (!speeds) return `${what}: failed: ${reason}`
  const { tile, us, layers } = speeds
  const bare = tile
    ? `bare register tile (${tile.name}) ${number(tile.gflops.median)} GFLOP/s a core, quartiles ${quartiles(tile.gflops)}`
    : 'no SIMD, so no register tile'
  const missing = layers.length > 0 ? '' : `; ${us.name} does not tell how long its nodes take`
  return `${what}: ${us.name} ${us.version} (${us.device}); ${bare}${missing}`
}

function rowsOf({ speeds }: KernelResult): string[][] {
  return (speeds?.layers ?? []).map(({ name, layers, milliseconds, gflops, share }: LayerSpeed) => [
    name,
    String(layers),
    milliseconds.median.toFixed(2),
    gflops ? number(gflops.median) : '–',
    gflops ? quartiles(gflops) : '–',
    share ? `${Math.round(share.median * 100)} %` : '–',
  ])
}

function quartiles({ lower, upper }: Spread): string {
  return `${number(lower)} to ${number(upper)}`
}

function number(value: number): string {
  return value.toFixed(1)
}
