import { BackendError } from '@resnet-ts/graph'
import { reasonOf } from './reason.js'

/**
 * The parts of tfjs that hold tensors and backends. They are named one by one, so that bundlers leave the rest out, and
 * imported when a backend is first asked for anything, so that the package can be imported, and bundled, where tfjs is
 * missing.
 *
 * @throws {BackendError} when it is not installed
 */
export async function importTfjs(name: string) {
  try {
    const {
      engine,
      findBackend,
      findBackendFactory,
      getBackend,
      KernelBackend,
      keep,
      ready,
      registerBackend,
      removeBackend,
      setBackend,
      tensor,
      tidy,
    } = await import('@tensorflow/tfjs-core')
    return {
      engine,
      findBackend,
      findBackendFactory,
      getBackend,
      KernelBackend,
      keep,
      ready,
      registerBackend,
      removeBackend,
      setBackend,
      tensor,
      tidy,
    }
  } catch (cause) {
    throw new BackendError({
      subject: `backend '${name}'`,
      expected: "the package '@tensorflow/tfjs-core'",
      found: reasonOf(cause),
      advice: 'run: npm install @tensorflow/tfjs-core',
      cause,
    })
  }
}

/** What holds tensors and backends in tfjs. */
export type TfjsCore = Awaited<ReturnType<typeof importTfjs>>
