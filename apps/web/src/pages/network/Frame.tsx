import type { Cost } from '@resnet-ts/graph'
import { count, percent } from '../../components/words.js'
import type { BoxView, FrameView } from '../../drawing/api.js'
import { Box } from './Box.js'
import { Details } from './Details.js'
import { type Heat, heatOf, measuredIn } from './heat.js'

interface FrameProps {
  readonly frame: FrameView
  readonly model: string
  readonly total: Cost
  /** Which stage it is, from 0: each has a colour of its own. */
  readonly stage: number
  readonly heat: Heat
  readonly greatest: Cost
  readonly selected: string | undefined
  onSelect(box: string | undefined): void
}

/** A stage, or the layers before and after all stages. */
export function Frame({ frame, model, total, stage, heat, greatest, selected, onSelect }: FrameProps) {
  const { title, isStage, shape, cost, boxes } = frame
  const open = boxes.find(({ names }) => names.includes(selected ?? ''))
  const measure = heat === 'none' ? undefined : heat
  return (
    <div class="frame card" data-stage={isStage ? stage % 5 : undefined}>
      <div class="frame-head">
        <h2>{title || 'layers'}</h2>
        <p>
          <span>{shape}</span>
          {cost.parameters > 0 && <span>{count(cost.parameters)} parameters</span>}
          {cost.macs > 0 && <span>{count(cost.macs)} MACs</span>}
          {measure && <strong>{percent(cost[measure] / total[measure])}</strong>}
        </p>
      </div>
      <ol class="chain" aria-label={title || 'Layers'}>
        {boxes.map((box) => (
          <li key={box.names[0]}>
            <Box
              box={box}
              heat={heatOf(box.cost, heat, greatest)}
              measured={measuredIn(box.cost, heat)}
              isOpen={box === open}
              onClick={() => onSelect(box === open ? undefined : firstOf(box))}
            />
          </li>
        ))}
      </ol>
      {open && <Details model={model} box={open} />}
    </div>
  )
}

function firstOf({ names }: BoxView): string {
  return names[0]!
}
