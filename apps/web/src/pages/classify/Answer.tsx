import type { Prediction } from 'resnet-ts'
import { CopyButton } from '../../components/CopyButton.js'
import { Icon } from '../../components/Icon.js'
import { percent } from '../../components/words.js'
import { live, stream } from '../../state/camera.js'
import { model } from '../../state/model.js'
import { explainClass, explained, photo, result } from '../../state/photo.js'
import { hrefOf } from '../../state/route.js'
import { Known } from './Known.js'
import { reportOf } from './report.js'
import { Seen } from './Seen.js'
import { TimeSplit } from './TimeSplit.js'

/** What the network says of the photograph, or of what the camera sees. */
export function Answer() {
  const shown = stream.value ? live.value : result.value
  if (!shown) return <Known />
  const [best] = shown.predictions
  return (
    <div class="answer card">
      <p class="answer-best" aria-live={stream.value ? 'off' : 'polite'}>
        <strong>{best?.label}</strong>
        <span>{percent(best?.probability ?? 0)}</span>
      </p>
      <ol class="bars">
        {shown.predictions.map((prediction, rank) => (
          <li key={stream.value ? rank : prediction.index}>
            <Bar prediction={prediction} />
          </li>
        ))}
      </ol>
      {!stream.value && <p class="hint">Click a class to see where in the photo it is seen.</p>}
      <TimeSplit timings={shown.timings} perSecond={stream.value && live.value?.perSecond} />
      {!stream.value && result.value && model.value && photo.value && (
        <>
          <Seen seen={result.value.seen} model={model.value} />
          <div class="answer-actions">
            <CopyButton label="Copy as JSON" text={() => reportOf(photo.value!, model.value!, result.value!)} />
            <a class="button" href={hrefOf('inside')}>
              <Icon name="inside" size={18} />
              Look inside
            </a>
            <a class="button" href={hrefOf('code')}>
              <Icon name="code" size={18} />
              The code
            </a>
          </div>
        </>
      )}
    </div>
  )
}

function Bar({ prediction }: { readonly prediction: Prediction }) {
  const { label, index, probability } = prediction
  const isShown = explained.value?.index === index
  return (
    <button
      type="button"
      class="bar"
      aria-pressed={isShown}
      disabled={stream.value !== undefined}
      onClick={() => explainClass(index)}
      style={{ '--share': String(probability) }}
    >
      <span class="bar-label">{label}</span>
      <span class="bar-number">{percent(probability)}</span>
      <span class="bar-track" />
    </button>
  )
}
