import { computed, signal } from '@preact/signals'
import type { BackendChoice, BackendId, BackendState } from '../worker/api.js'
import { recall, remember } from './storage.js'
import { bench } from './workers.js'

/** What can compute here; empty until the worker has said it. */
export const backends = signal<readonly BackendState[]>([])

const wanted = signal<Partial<BackendChoice>>(
  recall('computing', (value): value is Partial<BackendChoice> => typeof value === 'object' && value !== null) ?? {},
)

/** What is to compute: what was chosen, as far as it can be had here; as many threads as there are unless fewer were. */
export const choice = computed((): BackendChoice => {
  const usable = backends.value.filter(({ reason }) => reason === undefined)
  const backend = usable.find(({ id }) => id === wanted.value.backend) ?? usable[0]
  const most = backend?.threads.most ?? 1
  return { backend: backend?.id ?? 'wasm', threads: Math.min(wanted.value.threads ?? most, most) }
})

export function chooseBackend(backend: BackendId): void {
  wanted.value = { ...wanted.peek(), backend }
  remember('computing', wanted.peek())
}

export function chooseThreads(threads: number): void {
  wanted.value = { ...wanted.peek(), threads }
  remember('computing', wanted.peek())
}

export async function findBackends(): Promise<void> {
  backends.value = await bench.call('backends', undefined)
}
