import { bounds, type Form, type Measurement } from './measure.js'
import { type GoldenRun, type GoldenRunFamily, goldenRunFamilies } from './runs.js'

/** What was measured of a network. */
export interface GoldenResult {
  readonly run: Pick<GoldenRun, 'name' | 'family' | 'parameters'>
  /** The backend that computed it. */
  readonly backend: string
  readonly measurements: Readonly<Record<Form, Measurement>>
}

const titles: Readonly<Record<GoldenRunFamily, string>> = {
  timm: "timm's residual networks",
  'timm-v2': "timm's pre-activation networks",
  options: 'Networks made with options',
  cifar: "The paper's networks for CIFAR",
}

/** The page that shows how far each network is from PyTorch. It has no times, so that a second run writes the same. */
export function goldenPage(results: readonly GoldenResult[]): string {
  const sections = goldenRunFamilies.flatMap((family) => {
    const own = results.filter(({ run }) => run.family === family)
    return own.length > 0 ? [`## ${titles[family]}`, goldenTable(own)] : []
  })
  return `${['# Golden numbers', introduction(results), ...sections].join('\n\n')}\n`
}

function introduction(results: readonly GoldenResult[]): string {
  const standIns = results.filter(({ backend }) => backend !== 'tfjs-wasm').map(({ run }) => `\`${run.name}\``)
  const worst = (form: Form) => {
    const most = results.reduce((left, right) => (shareOf(right, form) > shareOf(left, form) ? right : left))
    const { largestError } = most.measurements[form]
    return `\`${most.run.name}\` with ${percent(shareOf(most, form))} of the bound (${exponential(largestError)})`
  }
  const bound = (form: Form) =>
    `${bounds[form].absolute.toExponential()} + ${bounds[form].relative.toExponential()}·|x|`
  return [
    'Written by `pnpm golden`, which also says how long each network took; `pnpm golden NAME…` runs a few and writes nothing.',
    '',
    'Every network is given weights and an image that are a function of their names, and what it answers is compared with',
    "PyTorch: with timm 1.0.29 under PyTorch 1.13, and for CIFAR with the paper's networks as `tooling/golden` writes them.",
    'All logits of one image count, 64×64 or, for CIFAR, 32×32; of a network made with options, the first values of each',
    'output and the mean of all.',
    '',
    `As it is written, a network may be ${bound('as written')} away from each value x; with batch norms folded and`,
    `epilogues fused, ${bound('optimised')}. tfjs-wasm computes them, in one thread` +
      (standIns.length > 0
        ? `; but ${standIns.join(', ')}, whose weights its 2 GiB of memory do not hold, the reference backend does.`
        : '.'),
    '',
    `${results.length} networks. Farthest from PyTorch are, as written,`,
    `${worst('as written')}; folded and fused,`,
    `${worst('optimised')}.`,
    '',
    '- **M**: millions of parameters.',
    '- **error**: the greatest of any value.',
    '- **share**: the greatest error in proportion to what is allowed where it is; **at** is where.',
  ].join('\n')
}

/** Rows of Markdown, one a network. */
export function goldenTable(results: readonly GoldenResult[]): string {
  const header = ['network', 'M', 'error as written', 'share', 'at', 'error fused', 'share', 'at']
  const rows = results.map(({ run, measurements }) => [
    run.name,
    (run.parameters / 1e6).toFixed(2),
    ...cells(measurements['as written']),
    ...cells(measurements.optimised),
  ])
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const numeric = new Set([1, 2, 3, 5, 6])
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => (numeric.has(at) ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (numeric.has(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** `5.4e-7`, `0.4 %` and `logits 631`. */
export function cells({ largestError, share, place }: Measurement): [error: string, share: string, place: string] {
  // A bar would end the cell.
  return [exponential(largestError), percent(share), place.replaceAll('|', '\\|')]
}

function shareOf({ measurements }: GoldenResult, form: Form): number {
  return measurements[form].share
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : 'all'
}

function exponential(error: number): string {
  return Number.isFinite(error) ? error.toExponential(1) : 'none'
}
