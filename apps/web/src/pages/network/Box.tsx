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
  const { kind, title, tag, count, details, shape, shortcut } = box
  return (
    <div class="cell" data-shortcut={shortcut}>
      {shortcut && <span class="arc" />}
      <button
        type="button"
        class={`box ${kind}`}
        aria-expanded={isOpen}
        onClick={onClick}
        style={{ '--heat': String(heat) }}
      >
        <code>{nameOf(box)}</code>
        <strong>
          {title}
          {count > 1 && <em>× {count}</em>}
        </strong>
        {details.map((detail, index) => (
          <span key={`${index}`}>{detail}</span>
        ))}
        <small>
          {shape}
          {tag && <em>{tag}</em>}
        </small>
        {measured !== undefined && <small>{measured}</small>}
        {shortcut && <span class="sr-only">{shortcut} shortcut</span>}
      </button>
      {shortcut && <span class="sum">+</span>}
    </div>
  )
}

/** `layer3.1 … 35` where it stands for several blocks. */
function nameOf({ kind, names }: BoxView): string {
  const [first = '', ...others] = names
  return kind === 'block' && others.length > 0 ? `${first} … ${others.at(-1)?.split('.').at(-1)}` : first
}
