import { parentPort } from 'node:worker_threads'
import type { InferenceSession } from 'onnxruntime-node'
import type { PlainTensor, Reply, Request } from './messages.js'

// The thread on which one session computes: onnxruntime-node holds up the thread that it is called on.

type Runtime = typeof import('onnxruntime-node')

/** The port to the thread that started this one. */
type Port = NonNullable<typeof parentPort>

async function work(port: Port): Promise<void> {
  const runtime = await importRuntime(port)
  if (!runtime) return port.close()
  let session: InferenceSession | undefined
  const answer = async (request: Request): Promise<void> => {
    switch (request.kind) {
      case 'load':
        session = await runtime.InferenceSession.create(request.model, request.options)
        return send(port, { kind: 'loaded' })
      case 'run':
        return sendOutputs(port, await run(runtime, session as InferenceSession, request.inputs), request.inputs)
      case 'end':
        await session?.release()
        return port.close()
      default:
        return request satisfies never
    }
  }
  port.on('message', (request: Request) => {
    answer(request).catch((error: unknown) => send(port, { kind: 'failed', reason: reasonOf(error) }))
  })
  send(port, { kind: 'ready', version: runtime.env.versions.node ?? runtime.env.versions.common })
}

async function importRuntime(port: Port): Promise<Runtime | undefined> {
  try {
    const runtime = await import('onnxruntime-node')
    runtime.env.logLevel = 'error'
    return runtime
  } catch (error) {
    const missing = (error as { readonly code?: unknown } | undefined)?.code === 'ERR_MODULE_NOT_FOUND'
    send(port, missing ? { kind: 'missing' } : { kind: 'failed', reason: reasonOf(error) })
    return undefined
  }
}

async function run(
  runtime: Runtime,
  session: InferenceSession,
  inputs: readonly PlainTensor[],
): Promise<PlainTensor[]> {
  const feeds = inputs.map(({ shape, data }, index) => {
    return [session.inputNames[index], new runtime.Tensor('float32', data, shape)] as const
  })
  const outputs = await session.run(Object.fromEntries(feeds))
  return session.outputNames.map((name) => ({ shape: outputs[name].dims, data: outputs[name].data as Float32Array }))
}

/** Outputs go over in memory of their own: that of onnxruntime cannot be handed over. */
function sendOutputs(port: Port, outputs: readonly PlainTensor[], inputs: readonly PlainTensor[]): void {
  const copies = outputs.map(({ shape, data }) => ({ shape, data: data.slice() }))
  const given = inputs.map(({ data }) => data)
  const memory = [...copies.map(({ data }) => data), ...given].map(({ buffer }) => buffer as ArrayBuffer)
  send(port, { kind: 'outputs', outputs: copies, inputs: given }, memory)
}

function send(port: Port, reply: Reply, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer)
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  // One line, which stands in the middle of a sentence.
  return reason.trim().replace(/\s+/g, ' ').replace(/\.+$/, '')
}

if (parentPort) void work(parentPort)
