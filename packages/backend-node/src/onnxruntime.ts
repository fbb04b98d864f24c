import {
  type Availability,
  activationKinds,
  type Backend,
  type FusedForms,
  OptionError,
  ResnetError,
  type SessionDescription,
} from '@resnet-ts/graph'
import { type OnnxModel, streamOnnx, toOnnx } from '@resnet-ts/onnx'
import { Host } from './host.js'
import { NodeSession } from './session.js'

export interface OnnxruntimeOptions {
  /**
   * How many threads compute an op.
   *
   * @defaultValue onnxruntime's own: one a core
   */
  readonly threads?: number | undefined
  /**
   * What computes, in the order in which onnxruntime tries them, as its documentation has them: `['cuda', 'cpu']`, or
   * objects with options of a provider's own. What none before takes, the last does.
   *
   * @defaultValue `['cpu']`
   */
  readonly executionProviders?: readonly ExecutionProvider[] | undefined
}

/** One of onnxruntime's execution providers by name, or with its options. */
export type ExecutionProvider = string | ({ readonly name: string } & Readonly<Record<string, unknown>>)

const name = 'onnxruntime-node'

/** All of them: they are exported as their parts, which onnxruntime fuses itself. */
const fusedForms: FusedForms = { residual: true, activations: activationKinds }

/** Milliseconds of work after which other code of the thread has its turn. */
const burst = 8

/**
 * A backend that runs graphs on onnxruntime-node, natively, from the ONNX file that `@resnet-ts/onnx` makes of them.
 *
 * Each session has a worker thread of its own, so that computing holds up nobody; runs of one session take turns. A run
 * that is aborted ends at once for the caller; what the worker has begun it finishes, before the next. The package
 * onnxruntime-node is an optional peer, which only the worker imports.
 *
 * @throws {OptionError} when an option is out of range
 */
export function onnxruntime(options: OnnxruntimeOptions = {}): Backend {
  checkOptions(options)
  return {
    name,
    fusedForms,
    isAvailable: () => availabilityOf(options),
    async compile(graph, params) {
      const model = toOnnx({ graph, params }, { layout: 'nhwc' })
      const host = await Host.start()
      try {
        const file = await write(model)
        await host.ask({ kind: 'load', model: file, options: sessionOptions(options) }, 'loaded', [file.buffer])
      } catch (error) {
        await host.end().catch(() => undefined)
        throw error
      }
      return new NodeSession(graph, host, describe(options, host.version))
    },
  }
}

async function availabilityOf(options: OnnxruntimeOptions): Promise<Availability> {
  try {
    const host = await Host.start()
    await host.end()
    return { available: true, device: describe(options, host.version).device }
  } catch (error) {
    if (!(error instanceof ResnetError)) throw error
    const { found, expected, advice } = error.details
    return { available: false, reason: `expected ${expected}, found ${found}${advice ? `; ${advice}` : ''}` }
  }
}

function checkOptions({ threads, executionProviders }: OnnxruntimeOptions): void {
  const fail = (option: string, expected: string, found: unknown) => {
    throw new OptionError({ subject: `option ${option}`, expected, found: String(found) })
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    fail('threads', 'a whole number of at least 1', threads)
  }
  if (executionProviders !== undefined && !(Array.isArray(executionProviders) && executionProviders.length > 0)) {
    fail('executionProviders', 'a list of at least one', executionProviders)
  }
}

/** As `InferenceSession.create` takes them. */
function sessionOptions({ threads, executionProviders }: OnnxruntimeOptions): Readonly<Record<string, unknown>> {
  return {
    logSeverityLevel: 3,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...(executionProviders && { executionProviders }),
  }
}

function describe({ threads, executionProviders = ['cpu'] }: OnnxruntimeOptions, version: string): SessionDescription {
  const providers = executionProviders.map((provider) => (typeof provider === 'string' ? provider : provider.name))
  const counted = threads === undefined ? 'a thread a core' : `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return { backend: name, device: `onnxruntime ${version} on ${providers.join(', ')}, ${counted}`, notes: [] }
}

/** The bytes of a model, written in bursts: reading parameters takes long where they are folded. */
async function write(model: OnnxModel): Promise<Uint8Array<ArrayBuffer>> {
  const { byteLength, chunks } = streamOnnx(model)
  const file = new Uint8Array(byteLength)
  let at = 0
  let pausedAt = performance.now()
  for (const chunk of chunks) {
    file.set(chunk, at)
    at += chunk.length
    if (performance.now() - pausedAt > burst) {
      await new Promise((resolve) => setTimeout(resolve))
      pausedAt = performance.now()
    }
  }
  return file
}
