import { Icon } from '../../components/Icon.js'
import { ModelOptions } from '../../components/ModelOptions.js'
import { Notice } from '../../components/Notice.js'
import { latest, useAnswer } from '../../components/useAnswer.js'
import { drawing } from '../../state/drawing.js'
import { model } from '../../state/model.js'
import {
  isMeasuring,
  layers,
  measureAll,
  measured,
  measuredArchitecture,
  outcomes,
  stopMeasuring,
} from '../../state/speed.js'
import { Layers } from './Layers.js'
import { Race } from './Race.js'
import './speed.css'

export function Speed() {
  const models = useAnswer((signal) => drawing().call('models', undefined, { signal }), [])
  return (
    <div class="page speed">
      <h1>
        How fast is it here?
        <small>Each backend computes one image after another on this device, and is timed.</small>
      </h1>
      <div class="speed-bar">
        <label>
          <span class="sr-only">Network to measure</span>
          <select
            value={measuredArchitecture.value ?? ''}
            disabled={isMeasuring.value}
            onChange={({ currentTarget }) => {
              measuredArchitecture.value = currentTarget.value || undefined
            }}
          >
            <option value="">{model.value ? `${model.value.title}, in use` : 'The model in use'}</option>
            <ModelOptions groups={latest(models.value) ?? []} />
          </select>
        </label>
        {isMeasuring.value ? (
          <button type="button" class="button" onClick={stopMeasuring}>
            <Icon name="stop" size={18} />
            Stop
          </button>
        ) : (
          <button type="button" class="button strong" disabled={!model.value} onClick={measureAll}>
            <Icon name="speed" size={18} />
            Measure
          </button>
        )}
        {measuredArchitecture.value !== undefined && (
          <p class="hint">With weights drawn afresh: how long a network takes does not depend on them.</p>
        )}
      </div>
      {models.value.state === 'failed' && <Notice kind="failure">{models.value.reason}</Notice>}
      <p class="sr-only" role="status">
        {isMeasuring.value ? 'Measuring' : measured.value && outcomes.value.size > 0 ? 'Measured' : ''}
      </p>
      <Race />
      {layers.value && <Layers outcome={layers.value} />}
    </div>
  )
}
