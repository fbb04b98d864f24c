import { signal } from '@preact/signals'
import { isAbort } from '../remote/protocol.js'
import type { BackendChoice, LoadStep, ModelInfo, ModelOrigin } from '../worker/api.js'
import { choice, findBackends } from './computing.js'
import { recall, remember } from './storage.js'
import { bench } from './workers.js'

/** The model in use. */
export const model = signal<ModelInfo | undefined>(undefined)

/** The model on its way, while there is one. */
export interface Loading {
  readonly title: string
  readonly step: LoadStep
}

export const loading = signal<Loading | undefined>(undefined)

/** Why the last model could not be had; the one before it stays in use. */
export const loadFailure = signal<string | undefined>(undefined)

interface Wanted {
  readonly origin: ModelOrigin
  readonly labels?: File | undefined
}

let current: Wanted | undefined
let controller = new AbortController()

/** Loads a model in place of the one in use, once it is there. A load under way is given up. */
export async function useModel(wanted: Wanted): Promise<void> {
  controller.abort()
  controller = new AbortController()
  const { signal } = controller
  const title = titleOf(wanted.origin)
  loadFailure.value = undefined
  loading.value = { title, step: { kind: 'reading' } }
  const onProgress = (step: LoadStep) => {
    if (!signal.aborted) loading.value = { title, step }
  }
  try {
    const info = await bench.call('load', { ...wanted, ...choice.peek() }, { signal, onProgress })
    current = wanted
    model.value = info
    rememberModel(wanted.origin)
  } catch (error) {
    if (!signal.aborted && !isAbort(error)) loadFailure.value = (error as Error).message
  } finally {
    if (!signal.aborted) loading.value = undefined
  }
}

/** Gives up the load under way. */
export function cancelLoading(): void {
  controller.abort()
  loading.value = undefined
}

/** The model in use once more, on what was chosen to compute. */
export async function reloadModel(): Promise<void> {
  if (current) await useModel(current)
}

export function runsOn({ backend, threads }: BackendChoice): boolean {
  return model.value?.backend === backend && model.value.threads === threads
}

/** The model of the last visit, where it can be had again, or the embedded one. */
export async function useFirstModel(): Promise<void> {
  await findBackends()
  const name = recall('model', (value) => typeof value === 'string')
  if (name !== undefined) await useModel({ origin: { kind: 'hub', name } })
  if (model.peek() === undefined && loading.peek() === undefined) {
    const failure = loadFailure.peek()
    await useModel({ origin: { kind: 'embedded' } })
    loadFailure.value ??= failure
  }
}

function rememberModel(origin: ModelOrigin): void {
  remember('model', origin.kind === 'hub' ? origin.name : null)
}

function titleOf(origin: ModelOrigin): string {
  switch (origin.kind) {
    case 'embedded':
      return 'the embedded network'
    case 'hub':
      return origin.name
    case 'file':
      return origin.files[0]?.name ?? 'a checkpoint'
    case 'drawn':
      return origin.architecture
    default:
      return origin satisfies never
  }
}
