import { bytes, duration } from '../../components/words.js'
import { contenders, measured, type Outcome, outcomes } from '../../state/speed.js'
import type { Measurement } from '../../worker/api.js'
import { quantile } from './statistics.js'

/** Every backend, as bars and as a table. */
export function Race() {
  const rows = contenders.value.map(({ name, reason }) => ({ name, reason, outcome: outcomes.value.get(name) }))
  const slowest = Math.max(...rows.map(({ outcome }) => measurementOf(outcome)?.slow ?? 0))
  const fastest = Math.min(...rows.map(({ outcome }) => measurementOf(outcome)?.median ?? Number.POSITIVE_INFINITY))
  return (
    <section class="race card" aria-labelledby="race-title">
      <h2 id="race-title">{measured.value ? `One image through ${measured.value}` : 'One image'}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Times of the backends">
        <table>
          <caption class="sr-only">How long each backend takes for one image</caption>
          <thead>
            <tr>
              <th scope="col">Backend</th>
              <th scope="col" class="race-bar">
                Time of one image
              </th>
              <th scope="col" class="number">
                Median
              </th>
              <th scope="col" class="number">
                Images a second
              </th>
              <th scope="col" class="number">
                Ready in
              </th>
              <th scope="col" class="number">
                Memory
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, reason, outcome }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <Cells outcome={outcome} reason={reason} slowest={slowest} fastest={fastest} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="hint">
        Bars end at the median; the line goes from the fastest tenth of the runs to the slowest. Network alone: without
        decoding and preparing a photo.
      </p>
    </section>
  )
}

interface CellsProps {
  readonly outcome: Outcome | undefined
  readonly reason: string | undefined
  readonly slowest: number
  readonly fastest: number
}

function Cells({ outcome, reason, slowest, fastest }: CellsProps) {
  const found = measurementOf(outcome)
  if (!found) {
    return (
      <td colSpan={5} class="race-words">
        {reason ?? outcomeInWords(outcome)}
      </td>
    )
  }
  const { median, quick, slow, measurement } = found
  const shares = {
    '--median': String(median / slowest),
    '--quick': String(quick / slowest),
    '--slow': String(slow / slowest),
  }
  return (
    <>
      <td class="race-bar">
        <span class="race-track" style={shares}>
          <span class="race-median" data-best={median === fastest} />
          <span class="race-spread" />
        </span>
      </td>
      <td class="number race-time">
        <strong>{duration(median)}</strong>
        {median > fastest && <small> {(median / fastest).toFixed(1)} ×</small>}
      </td>
      <td class="number" data-label="images a second">
        {(1000 / median).toFixed(1)}
      </td>
      <td class="number" data-label="ready in">
        {duration(measurement.preparing)}
      </td>
      <td class="number" data-label="memory">
        {measurement.memoryBytes === undefined ? '–' : bytes(measurement.memoryBytes)}
      </td>
    </>
  )
}

function measurementOf(outcome: Outcome | undefined) {
  if (outcome?.state !== 'measured') return undefined
  const { measurement } = outcome
  return { measurement, ...spreadOf(measurement) }
}

function spreadOf({ runs }: Measurement) {
  return { median: quantile(runs, 0.5), quick: quantile(runs, 0.1), slow: quantile(runs, 0.9) }
}

function outcomeInWords(outcome: Outcome | undefined): string {
  switch (outcome?.state) {
    case undefined:
      return 'not measured yet'
    case 'preparing':
      return 'being made ready…'
    case 'running':
      return `run ${outcome.runs}…`
    case 'failed':
      return outcome.reason
    case 'measured':
      return ''
    default:
      return outcome satisfies never
  }
}
