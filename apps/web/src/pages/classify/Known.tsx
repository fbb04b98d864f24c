import { stepInWords } from '../../app/model/stepInWords.js'
import { count } from '../../components/words.js'
import { loading, model } from '../../state/model.js'
import type { ModelInfo } from '../../worker/api.js'

/** What the network is, before it has anything to say. */
export function Known() {
  if (model.value) return <Facts model={model.value} />
  if (!loading.value) return null
  return (
    <div class="card known" role="status">
      <h2>{loading.value.title}</h2>
      <p>{stepInWords(loading.value)}</p>
    </div>
  )
}

function Facts({ model }: { readonly model: ModelInfo }) {
  return (
    <div class="card known">
      <h2>{model.title}</h2>
      <p>{aboutOf(model)}</p>
      <dl class="facts">
        <div>
          <dt>Classes</dt>
          <dd>{model.classes.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Parameters</dt>
          <dd>{count(model.parameters)}</dd>
        </div>
        <div>
          <dt>Multiplications</dt>
          <dd>{count(model.macs)}</dd>
        </div>
        <div>
          <dt>Computed by</dt>
          <dd>{model.device}</dd>
        </div>
      </dl>
      {model.notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </div>
  )
}

function aboutOf({ origin, classes }: ModelInfo): string {
  if (origin.kind === 'embedded') {
    return (
      'The small network that comes with this page. It knows ten things: airplanes, automobiles, birds, cats, deer, ' +
      'dogs, frogs, horses, ships and trucks. Whatever it is shown, it answers with one of them.'
    )
  }
  return `It tells ${classes.toLocaleString('en')} classes apart, and answers with the likeliest of them.`
}
