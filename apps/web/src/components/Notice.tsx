import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.js'
import './notice.css'

/** Something that went wrong, or that is worth knowing. */
export function Notice(props: {
  readonly kind: 'failure' | 'note'
  readonly children: ComponentChildren
  readonly onClose?: (() => void) | undefined
}) {
  const { kind, children, onClose } = props
  return (
    <div class={`notice ${kind}`} role={kind === 'failure' ? 'alert' : 'note'}>
      {kind === 'failure' && <Icon name="warning" />}
      <div class="notice-text">{children}</div>
      {onClose && (
        <button type="button" class="quiet square" aria-label="Close this message" onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      )}
    </div>
  )
}
