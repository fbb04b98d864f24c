import { wasm } from '@resnet-ts/backend-wasm'
import { type Backend, BackendError, type Graph, type Preprocess, parameters, sizeOf } from '@resnet-ts/graph'

/** What computes where the caller says nothing, and why it is not more. */
export interface Usual {
  readonly backends: readonly Backend[]
  readonly notes: readonly string[]
}

/** Multiply-accumulates an image up to which further threads take longer to start than they save. */
const smallWork = 1e9

/** The backends that are tried where the caller names none: our own engine, on all cores if the network is not small. */
export function usualBackends(graph: Graph, { size: [height, width] }: Preprocess): Usual {
  const weights = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  // No weight has more to do than once a pixel.
  if (weights * height * width > smallWork) return { backends: [wasm()], notes: [] }
  const note = 'One thread: enough for a network this small, where no more are asked for.'
  return { backends: [wasm({ threads: 1 })], notes: [note] }
}

/**
 * The first backend that is available.
 *
 * @throws {BackendError} with every backend's reason, when none is
 */
export async function chooseBackend(backends: readonly Backend[]): Promise<Backend> {
  const reasons: string[] = []
  for (const backend of backends) {
    const availability = await backend.isAvailable()
    if (availability.available) return backend
    reasons.push(`${backend.name}: ${availability.reason}`)
  }
  throw new BackendError({
    subject: 'backends',
    expected: 'one that is available here',
    found: reasons.length > 0 ? reasons.join('; ') : 'an empty list',
  })
}
