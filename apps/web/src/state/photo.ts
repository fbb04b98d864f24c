import { effect, signal } from '@preact/signals'
import { isAbort } from '../remote/protocol.js'
import type { ClassifiedPhoto, Explained, OpenedPhoto } from '../worker/api.js'
import { model } from './model.js'
import { bench } from './workers.js'

/** The photograph that the pages are about. */
export interface Photo extends OpenedPhoto {
  readonly name: string
}

export const photo = signal<Photo | undefined>(undefined)
/** What the model in use says of the photograph; undefined until it has. */
export const result = signal<ClassifiedPhoto | undefined>(undefined)
/** Where a class is seen; undefined unless somebody asks. */
export const explained = signal<Explained | undefined>(undefined)
/** What is under way. */
export const work = signal<'opening' | 'classifying' | 'explaining' | undefined>(undefined)
/** Why the last photograph, or the last question about it, came to nothing. */
export const photoFailure = signal<string | undefined>(undefined)

let controller = new AbortController()

/** Does one thing at a time: what was under way before is given up. */
async function only<Result>(
  name: NonNullable<typeof work.value>,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  controller.abort()
  controller = new AbortController()
  const { signal } = controller
  photoFailure.value = undefined
  work.value = name
  try {
    return await task(signal)
  } catch (error) {
    if (!signal.aborted && !isAbort(error)) photoFailure.value = (error as Error).message
    return undefined
  } finally {
    if (!signal.aborted) work.value = undefined
  }
}

/** Opens a photograph and classifies it. The one before it stays where it cannot be read. */
export async function openPhoto(source: Blob, name: string): Promise<void> {
  const opened = await only('opening', (signal) => bench.call('open', source, { signal }))
  if (!opened) return
  photo.value = { ...opened, name }
  result.value = undefined
  explained.value = undefined
  await classifyPhoto()
}

async function classifyPhoto(): Promise<void> {
  if (!photo.peek() || !model.peek()) return
  const classified = await only('classifying', (signal) => bench.call('classify', undefined, { signal }))
  if (classified) result.value = classified
}

/** Shows where a class is seen; asked again, it no longer does. */
export async function explainClass(index: number): Promise<void> {
  if (explained.peek()?.index === index) {
    explained.value = undefined
    return
  }
  const found = await only('explaining', (signal) => bench.call('explain', index, { signal }))
  if (found) explained.value = found
}

// Another model has another answer. A photograph that is being opened is classified once it is.
effect(() => {
  if (!model.value || work.peek() === 'opening') return
  result.value = undefined
  explained.value = undefined
  void classifyPhoto()
})
