import { computed, signal } from '@preact/signals'
import { highlight } from '../../code/highlight.js'
import { askedFor, type LoadedModel, type Platform, type Situation } from '../../code/situation.js'
import { type Snippet, snippets } from '../../code/snippets.js'
import { CopyButton } from '../../components/CopyButton.js'
import { Segments } from '../../components/Segments.js'
import { backends } from '../../state/computing.js'
import { model } from '../../state/model.js'
import { explained, photo } from '../../state/photo.js'
import { lastParams } from '../../state/route.js'
import { measuredArchitecture } from '../../state/speed.js'
import type { ModelInfo } from '../../worker/api.js'
import './code.css'

const platforms = { node: 'In Node', page: 'In a page' } as const
const platform = signal<Platform>('node')

const situation = computed((): Situation => {
  const drawn = lastParams.value.network
  const architecture = model.value?.architecture
  return {
    platform: platform.value,
    model: model.value ? loadedModel(model.value) : embedded,
    photo: photo.value?.name ?? 'photo.jpg',
    explained: explained.value?.index,
    drawn: {
      model: drawn.get('model') ?? architecture ?? 'resnet50',
      beside: drawn.get('with') ?? undefined,
      block: drawn.get('block') ?? undefined,
    },
    inside: lastParams.value.inside.get('block') ?? model.value?.blocks[0]?.name,
    measured: measuredArchitecture.value,
  }
})

const embedded: LoadedModel = { architecture: 'cifar_resnet20', source: { kind: 'embedded' }, computing: undefined }

function loadedModel(info: ModelInfo): LoadedModel {
  const { architecture, origin, options, labels } = info
  const computing = askedFor(info, backends.value)
  switch (origin.kind) {
    case 'embedded':
      return { architecture, source: { kind: 'embedded' }, computing }
    case 'hub':
      return { architecture, source: { kind: 'hub', name: origin.name }, computing }
    case 'file': {
      const card = origin.files.some(({ name }) => name === 'config.json')
      const file = origin.files.find(({ name }) => name !== 'config.json')?.name ?? ''
      return { architecture, source: { kind: 'file', file, card, labels, options }, computing }
    }
    case 'drawn':
      return embedded
    default:
      return origin satisfies never
  }
}

export function Code() {
  return (
    <div class="page code">
      <h1>
        The same in your own code
        <small>Lines of TypeScript that do what is on screen, ready to copy. A test of this project runs them.</small>
      </h1>
      <div class="code-bar">
        <Segments label="Where the code runs" choices={platforms} value={platform} />
        <nav aria-label="Snippets">
          {snippets(situation.value).map(({ id, title }) => (
            <button
              key={id}
              type="button"
              class="button small"
              onClick={() => document.getElementById(`code-${id}`)?.scrollIntoView({ behavior: 'smooth' })}
            >
              {title}
            </button>
          ))}
        </nav>
      </div>
      {snippets(situation.value).map((snippet) => (
        <Listing key={snippet.id} snippet={snippet} />
      ))}
    </div>
  )
}

function Listing({ snippet }: { readonly snippet: Snippet }) {
  const { id, title, about, code } = snippet
  const heading = `code-${id}-title`
  return (
    <section class="listing card" id={`code-${id}`} aria-labelledby={heading}>
      <div class="listing-head">
        <div>
          <h2 id={heading}>{title}</h2>
          <p class="hint">{about}</p>
        </div>
        <CopyButton label="Copy" text={() => code} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <pre tabIndex={0}>
        <code>
          {highlight(code).map(({ kind, text }, index) =>
            kind ? (
              <span key={`${index}`} class={kind}>
                {text}
              </span>
            ) : (
              text
            ),
          )}
        </code>
      </pre>
    </section>
  )
}
