import { Notice } from '../../components/Notice.js'
import { ObjectImage } from '../../components/ObjectImage.js'
import { latest, useAnswer } from '../../components/useAnswer.js'
import { count } from '../../components/words.js'
import type { BoxView, LayerView } from '../../drawing/api.js'
import { drawing } from '../../state/drawing.js'
import { theme } from '../../state/theme.js'

/** What is inside a box: its figure, and its layers with shapes and costs. */
export function Details({ model, box }: { readonly model: string; readonly box: BoxView }) {
  const { names, kind, title } = box
  const [first = ''] = names
  const answer = useAnswer(
    (signal) => drawing().call('box', { model, names, theme: theme.value }, { signal }),
    [model, names.join(), theme.value],
  )
  const details = latest(answer.value)
  if (answer.value.state === 'failed') return <Notice kind="failure">{answer.value.reason}</Notice>
  if (!details) return null
  return (
    <div class="details">
      {details.figure !== undefined && (
        <ObjectImage
          class="details-figure"
          content={details.figure}
          type="image/svg+xml"
          alt={`Diagram of ${first}, a ${title}, whose layers are listed beside it`}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section class="scroll" tabIndex={0} aria-label={`Layers of ${first} of ${model}`}>
        <table>
          <caption class="sr-only">Layers of {first}</caption>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Operation</th>
              <th scope="col">Gives</th>
              <th scope="col">Weight</th>
              <th scope="col" class="number">
                Parameters
              </th>
              <th scope="col" class="number">
                MACs
              </th>
            </tr>
          </thead>
          <tbody>
            {details.layers.map((layer) => (
              <Row key={layer.name} layer={layer} prefix={kind === 'block' ? `${first}.` : ''} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Row({ layer, prefix }: { readonly layer: LayerView; readonly prefix: string }) {
  const { name, kind, shape, weight, cost } = layer
  return (
    <tr>
      <th scope="row">{name.slice(prefix.length)}</th>
      <td>{kind}</td>
      <td>{shape.slice(1).join(' × ')}</td>
      <td>{weight?.join(' × ')}</td>
      <td class="number">{cost.parameters > 0 && count(cost.parameters)}</td>
      <td class="number">{cost.macs > 0 && count(cost.macs)}</td>
    </tr>
  )
}
