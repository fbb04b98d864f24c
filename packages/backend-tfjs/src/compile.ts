import { BackendError, type Network, ResnetError, type Session, type Shape } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import { Engine } from './engine.js'
import { reasonOf } from './reason.js'
import type { TfjsHost, TfjsRuntime } from './runtime.js'
import { atNode, lastUsesOf, type Step, type Target, TfjsSession } from './session.js'
import { importTfjs } from './tfjsCore.js'

/** How a network is compiled for a runtime. */
export interface CompileOptions {
  /** The backend's name, for the session and for errors. */
  readonly name: string
  /** Opens what computes; what it throws is the reason why the backend is not available. */
  readonly open: () => Promise<TfjsRuntime>
  /** The shapes of the inputs for which the session is made ready at once; others are when they first come. */
  readonly inputs?: Readonly<Record<string, Shape>> | undefined
}

/**
 * A session of a lowered network on a runtime of the caller's: its parameters uploaded, its kernels made. For backends
 * that bring kernels of their own; `tfjs` does it with tfjs's operations.
 *
 * @throws {ParameterError} when a parameter does not fit
 * @throws {BackendError} when the runtime cannot be opened, or fails
 */
export async function compileTfjs(network: Network, { name, open, inputs }: CompileOptions): Promise<Session> {
  const runtime = await open().catch((cause: unknown) => {
    if (cause instanceof ResnetError) throw cause
    throw notAvailable(name, cause)
  })
  try {
    return await runtime.host.engine.enqueue(() => {
      const { guard = (work) => work() } = runtime
      return guard(async () => {
        const session = await build(network, { name, runtime })
        try {
          if (inputs) await session.makeReady(inputs)
          return session
        } catch (error) {
          session.disposeWeights()
          throw error
        }
      })
    })
  } catch (error) {
    runtime.close?.()
    throw error
  }
}

/**
 * tfjs, imported.
 *
 * @param name - the backend's, for the error
 * @throws {BackendError} when it is not installed
 */
export async function importTfjsHost(name: string): Promise<TfjsHost> {
  const tf = await importTfjs(name)
  return { tf, engine: new Engine(tf) }
}

async function build({ graph, params }: Network, target: Target): Promise<TfjsSession> {
  const { runtime } = target
  const { tf, engine } = runtime.host
  const weights: Tensor[] = []
  const upload = (shape: readonly number[], values: Float32Array | Int32Array) => {
    // Kept, so that a scope that the caller may have open does not dispose of it.
    const weight = tf.keep(tf.tensor(values, [...shape]))
    weights.push(weight)
    return weight
  }
  const lastUses = lastUsesOf(graph)
  const steps: Step[] = []
  try {
    await engine.inBursts(runtime.backendName, graph.nodes, (node) => {
      const kernel = atNode(node, target.name, () => runtime.kernelOf(node, params, upload))
      steps.push({ node, kernel, lastUses: lastUses.get(node.name) ?? [] })
    })
  } catch (error) {
    for (const weight of weights) weight.dispose()
    throw error
  }
  return new TfjsSession(graph, steps, weights, target)
}

function notAvailable(name: string, cause: unknown): BackendError {
  return new BackendError({ subject: `backend '${name}'`, expected: 'to be available', found: reasonOf(cause), cause })
}
