import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from './Icon.js'

/** Puts a text on the clipboard, and says so for a moment. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const state = useSignal<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state.value === 'idle') return
    const timer = setTimeout(() => {
      state.value = 'idle'
    }, 1800)
    return () => clearTimeout(timer)
  }, [state.value])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      state.value = 'copied'
    } catch {
      state.value = 'refused'
    }
  }
  const words = { idle: label, copied: 'Copied', refused: 'The browser refused it' }
  return (
    <button type="button" class="button" onClick={copy}>
      <Icon name={state.value === 'copied' ? 'check' : 'copy'} size={18} />
      <span aria-live="polite">{words[state.value]}</span>
    </button>
  )
}
