import { count } from '../../components/words.js'
import type { BoxView } from '../../drawing/api.js'

interface BoxProps {
  readonly box: BoxView
  /** From 0 to 1. */
  readonly heat: number
  /** What the heat is of, in words. */
  readonly measured: string | undefined
  readonly isOpen: boolean
  onClick(): void
}

/** A block with its shortcut, or a layer with those that only follow it. */
export function Box({ box, heat, measured, isOpen, onClick }: BoxProps) {
  const { kind, names, title, tag, details, shape, shortcut } = box
  return (
    <div class="cell" data-shortcut={shortcut}>
      {shortcut && <span class="arc" />}
      <button
        type="button"
        class={`box ${kind}`}
        aria-expanded={isOpen}
        aria-label={labelOf(box)}
        onClick={onClick}
        style={{ '--heat': String(heat) }}
      >
        <strong>
          {title}
          {box.count > 1 && <em>× {box.count}</em>}
        </strong>
        {details.map((detail, index) => (
          <span key={`${index}`}>{detail}</span>
        ))}
        <small>
          {shape}
          {tag && <em>{tag}</em>}
        </small>
        {measured !== undefined && <small>{measured}</small>}
        <code>
          {names.length > 1 && kind === 'block' ? `${names[0]} … ${names.at(-1)?.split('.').at(-1)}` : names[0]}
        </code>
      </button>
      {shortcut && <span class="sum">+</span>}
    </div>
  )
}

function labelOf({ names, title, tag, count: times, shape, shortcut, cost }: BoxView): string {
  return [
    names[0],
    times > 1 ? `${times} times ${title}` : title,
    tag,
    shortcut && `${shortcut} shortcut`,
    `gives ${shape}`,
    cost.parameters > 0 && `${count(cost.parameters)} parameters`,
    cost.macs > 0 && `${count(cost.macs)} multiplications`,
  ]
    .filter(Boolean)
    .join(', ')
}
