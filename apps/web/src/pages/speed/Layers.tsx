import { useSignal } from '@preact/signals'
import { Notice } from '../../components/Notice.js'
import { duration, percent } from '../../components/words.js'
import type { Outcome } from '../../state/speed.js'
import type { LayerTime } from '../../worker/api.js'

/** How many layers are listed at first. */
const few = 12

/** Where the time goes inside the network. */
export function Layers({ outcome }: { readonly outcome: Outcome }) {
  if (outcome.state === 'failed') return <Notice kind="failure">{outcome.reason}</Notice>
  const times = outcome.state === 'measured' ? outcome.measurement.layers : undefined
  return (
    <section class="layers card" aria-labelledby="layers-title" aria-busy={times === undefined}>
      <h2 id="layers-title">Where the time goes</h2>
      {times ? <Times layers={times} /> : <p class="hint">Measuring every layer…</p>}
    </section>
  )
}

function Times({ layers }: { readonly layers: readonly LayerTime[] }) {
  const all = useSignal(false)
  const total = sum(layers)
  const stages = byStage(layers)
  const slowest = layers.toSorted((left, right) => right.milliseconds - left.milliseconds)
  const shown = all.value ? slowest : slowest.slice(0, few)
  return (
    <>
      <ol class="stages" aria-label="Stages">
        {stages.map(({ name, milliseconds }, index) => (
          <li key={name} data-stage={index % 6} style={{ '--share': String(milliseconds / total) }}>
            <span class="stages-bar" />
            <strong>{name}</strong>
            <span>{duration(milliseconds)}</span>
          </li>
        ))}
      </ol>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Times of the layers">
        <table>
          <caption>
            {all.value ? 'All layers' : 'The slowest layers'}, with what was fused into each. Operations are those of a
            plain convolution, whatever the kernel.
          </caption>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col" class="kernel">
                Kernel
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col" class="number">
                Share
              </th>
              <th scope="col" class="number">
                GFLOP/s
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ node, kernel, milliseconds, macs }) => (
              <tr key={node}>
                <th scope="row">{node}</th>
                <td class="kernel">{kernel}</td>
                <td class="number">{milliseconds.toFixed(2)} ms</td>
                <td class="number">{percent(milliseconds / total)}</td>
                <td class="number">
                  {macs > 0 && milliseconds > 0 ? ((2 * macs) / milliseconds / 1e6).toFixed(0) : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {layers.length > few && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            all.value = !all.value
          }}
        >
          {all.value ? 'The slowest alone' : `All ${layers.length} layers`}
        </button>
      )}
    </>
  )
}

function sum(layers: readonly LayerTime[]): number {
  return layers.reduce((total, { milliseconds }) => total + milliseconds, 0)
}

/** The times of the stages, and of what stands before and after them, in their order. */
function byStage(layers: readonly LayerTime[]): readonly { readonly name: string; readonly milliseconds: number }[] {
  const firstBlock = layers.findIndex(({ node }) => stageOf(node) !== undefined)
  const nameOf = ({ node }: LayerTime, index: number) => stageOf(node) ?? (index < firstBlock ? 'stem' : 'head')
  const stages = new Map<string, LayerTime[]>()
  for (const [index, layer] of layers.entries()) {
    const name = nameOf(layer, index)
    stages.set(name, [...(stages.get(name) ?? []), layer])
  }
  return [...stages].map(([name, members]) => ({ name, milliseconds: sum(members) }))
}

/** `layer1` of `layer1.0.conv1`, `stages.2` of `stages.2.blocks.0.conv1`. */
function stageOf(node: string): string | undefined {
  return /^(layer\d+|stages\.\d+)\./.exec(node)?.[1]
}
