import { useRef } from 'preact/hooks'
import { Icon } from '../../components/Icon.js'
import { type Example, examples } from '../../examples/index.js'
import { startCamera, stopCamera, stream } from '../../state/camera.js'
import { openPhoto, photo, photoFailure } from '../../state/photo.js'

/** Where a photograph may come from; the camera only where what it sees is shown. */
export function Sources({ camera }: { readonly camera: boolean }) {
  const input = useRef<HTMLInputElement>(null)
  const pick = () => {
    const file = input.current?.files?.[0]
    if (!file) return
    stopCamera()
    void openPhoto(file, file.name)
    // The same file may be picked once more.
    input.current!.value = ''
  }
  return (
    <div class="sources">
      <div class="sources-actions">
        <label class="button strong">
          <Icon name="file" size={18} />
          Choose a photo
          <input ref={input} class="sr-only" type="file" accept="image/*" onChange={pick} />
        </label>
        {camera && !stream.value && (
          <button type="button" class="button" onClick={startCamera}>
            <Icon name="camera" size={18} />
            Camera
          </button>
        )}
      </div>
      <ul class="examples" aria-label="Examples">
        {examples.map((example) => (
          <li key={example.name}>
            <button
              type="button"
              class="example"
              aria-pressed={photo.value?.name === example.name}
              onClick={() => openExample(example)}
            >
              <img src={example.url} alt={`Example: ${example.what}`} width="56" height="56" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

async function openExample({ name, url }: Example): Promise<void> {
  stopCamera()
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    await openPhoto(await response.blob(), name)
  } catch (error) {
    photoFailure.value = `The example could not be had: ${(error as Error).message}`
  }
}
