import type { EventEmitter } from 'node:events'
import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { type Backend, BackendError } from '@resnet-ts/graph'
import { type Platform, type TfjsWasmOptions, tfjsWasmOn } from './tfjs.shared.js'

export type { TfjsWasmOptions, WasmFile, WasmPaths } from './tfjs.shared.js'

/**
 * The backend of TensorFlow.js that computes in WebAssembly, set up with nothing to configure, in Node and in a page:
 * @tensorflow/tfjs-backend-wasm and @tensorflow/tfjs-core need only be installed. They are imported by the first
 * `compile` or `isAvailable`. It computes with SIMD, on one thread, and holds up the one it is called on for a frame
 * or two at a time.
 */
export function tfjsWasm(options: TfjsWasmOptions = {}): Backend {
  return tfjsWasmOn(node, options)
}

const node: Platform = {
  locate() {
    try {
      return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep
    } catch {
      // It was imported, so it is part of a bundle; tfjs looks for the files beside that.
      return undefined
    }
  },
  async start(initialise, path) {
    if (path !== undefined) await requireFile(path)
    await withoutNewHandlers(initialise)
  },
}

/** tfjs prints a page of warnings, and can never be started again, when a file is missing. */
async function requireFile(path: string): Promise<void> {
  try {
    await access(path.startsWith('file:') ? new URL(path) : path)
  } catch (cause) {
    throw new BackendError({
      subject: "backend 'tfjs-wasm'",
      expected: `the file ${path}`,
      found: 'nothing that can be read',
      advice: "check the option 'wasmPaths', or install @tensorflow/tfjs-backend-wasm again",
      cause,
    })
  }
}

const events = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Emscripten, in which tfjs's WebAssembly is wrapped, makes the process throw again what nobody caught, so that it
 * ends with another exit code and the wrong place in the message. That is for the application to decide.
 */
async function withoutNewHandlers(start: () => Promise<void>): Promise<void> {
  const emitter: EventEmitter = process
  const before = new Set(events.flatMap((event) => emitter.listeners(event)))
  try {
    await start()
  } finally {
    for (const event of events) {
      for (const handler of emitter.listeners(event) as ((value: unknown) => void)[]) {
        if (!before.has(handler) && throwsAgain(handler)) emitter.removeListener(event, handler)
      }
    }
  }
}

/** Whether a handler does what Emscripten's do, and no more: others may have come meanwhile. */
function throwsAgain(handler: (value: unknown) => void): boolean {
  const body = /^function \((\w+)\) \{ (?:if \(!\(\1 instanceof ExitStatus\)\) \{ )?throw \1; (?:\} )?\}$/
  return body.test(String(handler).replaceAll(/\s+/g, ' '))
}
