import { useSignal } from '@preact/signals'
import { ModelOptions } from '../../components/ModelOptions.js'
import { Notice } from '../../components/Notice.js'
import { latest, useAnswer } from '../../components/useAnswer.js'
import { count } from '../../components/words.js'
import type { ModelGroup } from '../../drawing/api.js'
import { drawing } from '../../state/drawing.js'
import { Downloads } from './Downloads.js'
import { Frame } from './Frame.js'
import { greatestOf, type Heat } from './heat.js'

interface DrawnProps {
  readonly model: string
  readonly groups: readonly ModelGroup[]
  readonly heat: Heat
  /** The box whose inside is shown, by the first of its names. */
  readonly selected: string | undefined
  onModel(name: string): void
  onSelect(box: string | undefined): void
}

/** One network: what it is, its stages with their blocks, and its files. */
export function Drawn({ model, groups, heat, selected, onModel, onSelect }: DrawnProps) {
  const everyBlock = useSignal(false)
  const answer = useAnswer(
    (signal) => drawing().call('network', { model, everyBlock: everyBlock.value }, { signal }),
    [model, everyBlock.value],
  )
  const view = latest(answer.value)
  const boxes = view?.frames.flatMap((frame) => frame.boxes) ?? []
  const greatest = greatestOf(boxes.map(({ cost }) => cost))
  return (
    <section class="drawn" aria-label={model} aria-busy={answer.value.state === 'waiting'}>
      <div class="drawn-head">
        <label>
          <span class="sr-only">Model</span>
          <select value={model} onChange={({ currentTarget }) => onModel(currentTarget.value)}>
            {groups.length === 0 && <option>{model}</option>}
            <ModelOptions groups={groups} />
          </select>
        </label>
        {view && (
          <p class="drawn-facts">
            <span>{view.blocks} blocks</span>
            <span>{count(view.total.parameters)} parameters</span>
            <span>
              {count(view.total.macs)} multiplications at {view.size[1]} × {view.size[0]}
            </span>
          </p>
        )}
      </div>
      {answer.value.state === 'failed' && <Notice kind="failure">{answer.value.reason}</Notice>}
      {view && (
        <>
          {(view.grouped || everyBlock.value) && (
            <label class="check">
              <input
                type="checkbox"
                checked={everyBlock.value}
                onChange={({ currentTarget }) => {
                  everyBlock.value = currentTarget.checked
                }}
              />
              Draw every block, also those that are alike
            </label>
          )}
          {view.frames.map((frame, index) => (
            <Frame
              key={`${index}`}
              frame={frame}
              model={view.name}
              total={view.total}
              stage={view.frames.slice(0, index).filter(({ isStage }) => isStage).length}
              heat={heat}
              greatest={greatest}
              selected={selected}
              onSelect={onSelect}
            />
          ))}
          {view.dashed.length > 0 && <p class="hint">Dashed shortcuts here: {view.dashed.join('; ')}.</p>}
          <Downloads model={view.name} everyBlock={everyBlock.value} />
        </>
      )}
    </section>
  )
}
