import { useSignal } from '@preact/signals'
import { Notice } from '../../components/Notice.js'
import { Segments } from '../../components/Segments.js'
import { latest, useAnswer } from '../../components/useAnswer.js'
import { drawing } from '../../state/drawing.js'
import { model } from '../../state/model.js'
import { replaceParams, route } from '../../state/route.js'
import { Drawn } from './Drawn.js'
import './network.css'
import { type Heat, heats } from './heat.js'
import { Legend } from './Legend.js'

/** Two networks that are worth a look side by side. */
const pairs = [
  { title: 'Basic block and bottleneck', model: 'resnet34', with: 'resnet50', block: 'layer1.1', other: 'layer1.1' },
  { title: 'ResNet and ResNeXt', model: 'resnet50', with: 'resnext50_32x4d', block: 'layer1.1', other: 'layer1.1' },
  { title: 'With and without gates', model: 'resnet50', with: 'seresnet50', block: 'layer1.1', other: 'layer1.1' },
] as const

export function Network() {
  const heat = useSignal<Heat>('macs')
  const models = useAnswer((signal) => drawing().call('models', undefined, { signal }), [])
  const groups = latest(models.value) ?? []
  const { params } = route.value
  const first = params.get('model') ?? model.value?.architecture ?? 'resnet50'
  const second = params.get('with') ?? undefined
  return (
    <div class="page network">
      <h1>
        How is the network built?
        <small>Every block adds what it computes to what came in. Click one to see its layers.</small>
      </h1>
      <div class="network-bar">
        <div class="network-heat">
          <span aria-hidden="true">Colour by</span>
          <Segments label="Colour by" choices={heats} value={heat} />
        </div>
        <div class="network-pairs">
          {second === undefined ? (
            pairs.map(({ title, ...pair }) => (
              <button key={title} type="button" class="button small" onClick={() => replaceParams(pair)}>
                {title}
              </button>
            ))
          ) : (
            <button
              type="button"
              class="button small"
              onClick={() => replaceParams({ with: undefined, other: undefined })}
            >
              One network alone
            </button>
          )}
        </div>
      </div>
      <Legend heat={heat.value} />
      {models.value.state === 'failed' && <Notice kind="failure">{models.value.reason}</Notice>}
      <div class="network-drawings" data-two={second !== undefined}>
        <Drawn
          model={first}
          groups={groups}
          heat={heat.value}
          selected={params.get('block') ?? undefined}
          onModel={(name) => replaceParams({ model: name, block: undefined })}
          onSelect={(block) => replaceParams({ model: first, block })}
        />
        {second !== undefined && (
          <Drawn
            model={second}
            groups={groups}
            heat={heat.value}
            selected={params.get('other') ?? undefined}
            onModel={(name) => replaceParams({ with: name, other: undefined })}
            onSelect={(other) => replaceParams({ other })}
          />
        )}
      </div>
    </div>
  )
}
