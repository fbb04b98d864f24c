import { type Availability, type Backend, lower } from '@resnet-ts/graph'
import { compileTfjs, importTfjsHost } from './compile.js'
import type { TfjsDevice } from './device.js'
import { fusedForms } from './fusedForms.js'
import { kernelsOf } from './ops/index.js'
import { reasonOf } from './reason.js'
import type { TfjsRuntime } from './runtime.js'
import { importTfjsOps } from './tfjsOps.js'

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
export function tfjs(options: TfjsOptions): Backend {
  const { backendName, name = `tfjs-${backendName}`, setup = initialiseAlone(backendName) } = options
  /** Makes ready all that has to be there before a graph is compiled. */
  const open = async (): Promise<TfjsRuntime> => {
    const importing = importTfjsHost(name)
    // Where `setup` fails too, it has the more to tell.
    importing.catch(() => undefined)
    const device = await setup(async () => {
      const { engine } = await importing
      await engine.enqueue(() => engine.initialise(backendName))
    })
    return { host: await importing, backendName, device, kernelOf: kernelsOf(await importTfjsOps()) }
  }
  return {
    name,
    fusedForms,
    isAvailable: () =>
      open().then(
        ({ device: { device } }): Availability => ({ available: true, device }),
        (error: unknown) => unavailable(name, error),
      ),
    compile: async (graph, params) => compileTfjs(lower({ graph, params }, fusedForms), { name, open }),
  }
}

function initialiseAlone(backendName: string): NonNullable<TfjsOptions['setup']> {
  return async (initialise) => {
    await initialise()
    return { device: `TensorFlow.js, its backend '${backendName}'`, notes: [] }
  }
}

function unavailable(name: string, error: unknown): Availability {
  // Who asks names the backend, and puts the reason in a sentence of their own.
  const reason = reasonOf(error).replace(/\.$/, '')
  const subject = `backend '${name}': `
  return { available: false, reason: reason.startsWith(subject) ? reason.slice(subject.length) : reason }
}
