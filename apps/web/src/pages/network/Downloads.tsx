import { useSignal } from '@preact/signals'
import { CopyButton } from '../../components/CopyButton.js'
import { download } from '../../components/download.js'
import { Icon } from '../../components/Icon.js'
import { Notice } from '../../components/Notice.js'
import { drawing } from '../../state/drawing.js'
import { model as inUse } from '../../state/model.js'
import { theme } from '../../state/theme.js'
import { bench } from '../../state/workers.js'

/** A network's text and files. */
export function Downloads({ model, everyBlock }: { readonly model: string; readonly everyBlock: boolean }) {
  const text = useSignal<string | undefined>(undefined)
  const busy = useSignal<string | undefined>(undefined)
  const failure = useSignal<string | undefined>(undefined)
  const during = async (name: string, task: () => Promise<void>) => {
    failure.value = undefined
    busy.value = name
    try {
      await task()
    } catch (error) {
      failure.value = (error as Error).message
    }
    busy.value = undefined
  }
  const files: readonly (readonly [title: string, extension: string, make: () => Promise<Blob>])[] = [
    ['SVG', 'svg', () => drawing().call('svg', { model, everyBlock, theme: theme.peek() })],
    inUse.value?.architecture === model
      ? ['ONNX with the weights in use', 'onnx', () => bench.call('onnx', undefined)]
      : ['ONNX with fresh weights', 'onnx', () => drawing().call('onnx', { model })],
    ['Summary as JSON', 'json', () => drawing().call('summary', { model })],
  ]
  return (
    <div class="downloads">
      <div class="downloads-actions">
        {files.map(([title, extension, make]) => (
          <button
            key={extension}
            type="button"
            class="button small"
            disabled={busy.value !== undefined}
            onClick={() => during(extension, async () => download(await make(), `${model}.${extension}`))}
          >
            <Icon name="download" size={16} />
            {busy.value === extension ? 'Writing…' : title}
          </button>
        ))}
      </div>
      {failure.value !== undefined && <Notice kind="failure">{failure.value}</Notice>}
      <details
        class="text"
        onToggle={({ currentTarget }) =>
          currentTarget.open &&
          during('text', async () => {
            text.value = await drawing().call('text', { model })
          })
        }
      >
        <summary>The graph as text</summary>
        {text.value !== undefined && (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
            <pre tabIndex={0}>{text.value}</pre>
            <CopyButton label="Copy the text" text={() => text.value ?? ''} />
          </>
        )}
      </details>
    </div>
  )
}
