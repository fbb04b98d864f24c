import { wasm } from '@resnet-ts/backend-wasm'
import { type Backend, BackendError } from '@resnet-ts/graph'

/** The backends that are tried where the caller names none. */
export const defaultBackends = (): readonly Backend[] => [wasm()]

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
