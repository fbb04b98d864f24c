import { Icon } from '../../components/Icon.js'
import { type Loading, loading, model } from '../../state/model.js'
import './chip.css'
import { isChoosing } from './ModelDialog.js'
import { stepInWords } from './stepInWords.js'

/** The model in use, or on its way; it opens the choice of another. */
export function ModelChip() {
  const words = loading.value ? stepInWords(loading.value) : (model.value?.device ?? 'No model yet')
  return (
    <button
      type="button"
      class="chip"
      data-busy={loading.value !== undefined}
      aria-haspopup="dialog"
      onClick={() => {
        isChoosing.value = true
      }}
    >
      <span class="chip-text">
        <span class="sr-only">Model: </span>
        <strong>{loading.value?.title ?? model.value?.title ?? 'Model'}</strong>
        <small>{words}</small>
      </span>
      <Icon name="chevron" size={18} />
      <span class="chip-progress" style={{ '--share': String(shareOf(loading.value)) }} />
    </button>
  )
}

function shareOf(state: Loading | undefined): number {
  if (state?.step.kind !== 'fetching' || !state.step.total) return state ? 1 : 0
  return state.step.loaded / state.step.total
}
