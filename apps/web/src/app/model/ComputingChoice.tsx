import { useId } from 'preact/hooks'
import { backends, choice, chooseBackend, chooseThreads } from '../../state/computing.js'
import { loading, model, reloadModel, runsOn } from '../../state/model.js'
import './computing.css'

/** What computes. */
export function ComputingChoice() {
  const name = useId()
  const { backend, threads } = choice.value
  const state = backends.value.find(({ id }) => id === backend)
  const most = state?.threads.most ?? 1
  const counts = Array.from({ length: most }, (_, index) => index + 1)
  return (
    <section class="computing" aria-label="What computes">
      <h3>What computes</h3>
      <ul>
        {backends.value.map(({ id, name: title, about, reason }) => (
          <li key={id}>
            <label class="option" data-disabled={reason !== undefined}>
              <input
                type="radio"
                name={name}
                checked={backend === id}
                disabled={reason !== undefined}
                onChange={() => chooseBackend(id)}
              />
              <span>
                <strong>{title}</strong>
                <small>{reason ?? about}</small>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <label class="labelled">
        <span>Threads</span>
        <select
          value={String(threads)}
          disabled={most === 1}
          onChange={({ currentTarget }) => chooseThreads(Number(currentTarget.value))}
        >
          {counts.map((count) => (
            <option key={count} value={String(count)}>
              {count}
            </option>
          ))}
        </select>
      </label>
      {state?.threads.reason && <p class="hint">{state.threads.reason}</p>}
      {model.value && !runsOn(choice.value) && (
        <button type="button" class="button strong" disabled={loading.value !== undefined} onClick={reloadModel}>
          Compute {model.value.title} this way
        </button>
      )}
      {model.value && <p class="hint">Now: {model.value.device}.</p>}
    </section>
  )
}
