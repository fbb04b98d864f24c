import { type Availability, type Backend, BackendError, lower, ResnetError } from '@resnet-ts/graph'
import { fusedForms } from './fusedForms.js'

/** What a tfjs backend computes on, for `session.describe()`. */
export interface TfjsDevice {
  /** `WebAssembly SIMD, 2 threads (TensorFlow.js)`. */
  readonly device: string
  /** Why it is not faster, and anything else worth knowing. */
  readonly notes: readonly string[]
}

export interface TfjsOptions {
  /** The tfjs backend that computes, as it is registered: `cpu`, `wasm`, `webgl`, `webgpu`. */
  readonly backendName: string
  /** @defaultValue `tfjs-` and the backend's name */
  readonly name?: string | undefined
  /**
   * Makes the tfjs backend ready, and tells what it computes on: imports the package that registers it, say, and
   * configures it, then calls `initialise`. It runs before every `compile` and `isAvailable`, so it should do nothing
   * the second time; what it throws is the reason why the backend is not available.
   *
   * @defaultValue calls `initialise`: the caller has imported the package
   */
  readonly setup?: ((initialise: () => Promise<void>) => Promise<TfjsDevice>) | undefined
}

/**
 * A backend that runs graphs as TensorFlow.js ops, on one of the backends of TensorFlow.js.
 *
 * tfjs has one engine for the whole page or process, with one current backend. The backend that the caller has set is
 * in place again whenever their code runs, and the runs of all sessions take turns; computing holds up the thread it
 * is called on for a frame or two at a time. tfjs itself is imported by the first `compile` or `isAvailable`.
 */
export function tfjs({ backendName, name = `tfjs-${backendName}`, setup }: TfjsOptions): Backend {
  /** Everything that has to be there before a graph is compiled. */
  const prepare = async () => {
    const runtime = await importRuntime(name)
    const initialise = () => runtime.initialise(backendName)
    if (setup) return { runtime, device: await setup(initialise) }
    await initialise()
    return { runtime, device: { device: `TensorFlow.js, its '${backendName}' backend`, notes: [] } }
  }
  return {
    name,
    fusedForms,
    isAvailable: () => prepare().then((): Availability => ({ available: true }), unavailable),
    async compile(graph, params) {
      const network = lower({ graph, params }, fusedForms)
      const { runtime, device } = await prepare().catch((cause: unknown) => {
        if (cause instanceof ResnetError) throw cause
        throw notAvailable(name, cause)
      })
      return runtime.compile(network, { backendName, name, device })
    },
  }
}

function notAvailable(name: string, cause: unknown): BackendError {
  return new BackendError({ subject: `backend '${name}'`, expected: 'to be available', found: reasonOf(cause), cause })
}

/** Only this touches tfjs, so that the package can be imported where tfjs is not installed, and costs nothing there. */
async function importRuntime(name: string) {
  try {
    return await import('./runtime.js')
  } catch (cause) {
    throw new BackendError({
      subject: `backend '${name}'`,
      expected: "the package '@tensorflow/tfjs-core'",
      found: reasonOf(cause),
      advice: 'install it beside @resnet-ts/backend-tfjs',
      cause,
    })
  }
}

function unavailable(error: unknown): Availability {
  return { available: false, reason: reasonOf(error) }
}

/** What was thrown, in words; tfjs also throws objects that are no errors. */
function reasonOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | undefined)?.message
  return typeof message === 'string' ? message : String(error)
}
