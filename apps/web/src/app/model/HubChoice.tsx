import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../../components/Icon.js'
import { loadFailure, model, useModel } from '../../state/model.js'
import { bench } from '../../state/workers.js'
import type { Published } from '../../worker/api.js'

/** What stands first, since most are after these. */
const usual = [
  'resnet18.a1_in1k',
  'resnet50.a1_in1k',
  'resnet50.tv_in1k',
  'resnet101.a1_in1k',
  'resnext50_32x4d.a1_in1k',
]

export function HubChoice() {
  const published = useSignal<readonly Published[]>([])
  const wanted = useSignal('')
  useEffect(() => {
    bench.call('published', undefined).then(
      (list) => {
        published.value = list
      },
      (error: Error) => {
        loadFailure.value = error.message
      },
    )
  }, [])
  const text = wanted.value.trim()
  const found = search(published.value, text)
  return (
    <div class="choice">
      <p>
        Weights are fetched from huggingface.co once, and kept in this browser. Nothing is sent there but their name.
      </p>
      <label class="field">
        <Icon name="search" size={18} />
        <span class="sr-only">Search, or name a repository</span>
        <input
          type="search"
          placeholder="resnet50, or owner/repository"
          value={wanted.value}
          onInput={({ currentTarget }) => {
            wanted.value = currentTarget.value
          }}
        />
      </label>
      <ul class="checkpoints" aria-label="Checkpoints">
        {text.includes('/') && (
          <li>
            <Row name={text} facts="a repository of the hub" />
          </li>
        )}
        {found.map((checkpoint) => (
          <li key={checkpoint.name}>
            <Row name={checkpoint.name} facts={factsOf(checkpoint)} />
          </li>
        ))}
      </ul>
      {found.length === 0 && published.value.length > 0 && !text.includes('/') && (
        <p class="hint">None of these names has “{text}” in it.</p>
      )}
    </div>
  )
}

function Row({ name, facts }: { readonly name: string; readonly facts: string }) {
  const inUse = model.value?.title === name
  return (
    <button
      type="button"
      class="checkpoint"
      aria-pressed={inUse}
      onClick={() => useModel({ origin: { kind: 'hub', name } })}
    >
      <strong>{name}</strong>
      <span>{inUse ? 'in use' : facts}</span>
    </button>
  )
}

function search(published: readonly Published[], text: string): readonly Published[] {
  const words = text.toLowerCase().split(/\s+/)
  const found = published.filter(({ name }) => words.every((word) => name.includes(word)))
  const rank = ({ name }: Published) => (usual.includes(name) ? usual.indexOf(name) : usual.length)
  return found.toSorted((left, right) => rank(left) - rank(right))
}

function factsOf({ accuracy, size, classes }: Published): string {
  const parts = [`${size} px`, classes === 1000 ? '' : `${classes.toLocaleString('en')} classes`]
  if (accuracy !== undefined) parts.unshift(`${accuracy.toFixed(1)} %`)
  return parts.filter((part) => part !== '').join(' · ')
}
