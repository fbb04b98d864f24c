import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { openPhoto } from '../../state/photo.js'

/** Takes a photograph that is dropped anywhere on the page, or pasted; yields whether one is being held over it. */
export function useDropAndPaste(): boolean {
  const over = useSignal(false)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    addEventListener(
      'dragover',
      (event) => {
        event.preventDefault()
        over.value = event.dataTransfer?.types.includes('Files') ?? false
      },
      { signal },
    )
    addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) over.value = false
      },
      { signal },
    )
    addEventListener(
      'drop',
      (event) => {
        event.preventDefault()
        over.value = false
        takeFile(event.dataTransfer?.files)
      },
      { signal },
    )
    addEventListener('paste', (event) => takeFile(event.clipboardData?.files), { signal })
    return () => controller.abort()
  }, [])
  return over.value
}

function takeFile(files: FileList | undefined): void {
  const [file] = files ?? []
  if (file) void openPhoto(file, file.name)
}
