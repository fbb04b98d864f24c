import type { Timings } from 'resnet-ts'
import { duration } from '../../components/words.js'

const parts = [
  ['decode', 'Decode'],
  ['preprocess', 'Preprocess'],
  ['inference', 'Inference'],
] as const

/** Where the time went. */
export function TimeSplit(props: { readonly timings: Timings; readonly perSecond: number | undefined }) {
  const { timings, perSecond } = props
  const total = parts.reduce((sum, [part]) => sum + timings[part], 0)
  return (
    <div class="times">
      <div class="times-track" aria-hidden="true">
        {parts.map(([part]) => (
          <span key={part} class={`times-part ${part}`} style={{ '--share': String(timings[part] / total) }} />
        ))}
      </div>
      <dl>
        {parts.map(([part, name]) => (
          <div key={part}>
            <dt class={part}>{name}</dt>
            <dd>{duration(timings[part])}</dd>
          </div>
        ))}
        <div>
          <dt>{perSecond === undefined ? 'In all' : 'Photos a second'}</dt>
          <dd>{perSecond === undefined ? duration(total) : perSecond.toFixed(1)}</dd>
        </div>
      </dl>
    </div>
  )
}
