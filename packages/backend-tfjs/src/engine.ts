import { BackendError } from '@resnet-ts/graph'
import {
  engine,
  findBackend,
  findBackendFactory,
  getBackend,
  KernelBackend,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core'

/** Milliseconds of computing after which the caller's code has its turn: two frames. */
const burst = 32

/**
 * Where the queue hangs on tfjs's engine. The engine is what it guards, and there is one in a page or a process,
 * however many copies of this module there are; so the queue lives there, not in the module.
 */
const queueKey = Symbol.for('@resnet-ts/backend-tfjs/queue')

/** Runs `task` once all tasks before it, of any session on this engine, have ended. */
export function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
  const owner = engine() as { [queueKey]?: Promise<unknown> }
  const result = (owner[queueKey] ?? Promise.resolve()).then(task)
  owner[queueKey] = result.catch(() => undefined)
  return result
}

/**
 * Makes a registered tfjs backend ready for use. Unlike `setBackend` it never leaves the engine without a backend
 * meanwhile, in which state every op of the caller's fails, and a failure is thrown, not printed.
 *
 * @throws {BackendError} when there is no such backend
 */
export async function initialise(name: string): Promise<void> {
  await settle()
  if (isInitialised(name)) return
  const factory = findBackendFactory(name)
  if (!factory) {
    const known = engine().backendNames()
    throw new BackendError({
      subject: `the TensorFlow.js backend '${name}'`,
      expected: 'a registered backend',
      found: known.length > 0 ? `only ${known.join(', ')}` : 'none',
      advice: `import '@tensorflow/tfjs-backend-${name}' first`,
    })
  }
  const { priority } = engine().registryFactory[name]
  const backend = await factory()
  if (isInitialised(name)) return backend.dispose()
  // Registering what is there already makes tfjs take it at once, without an asynchronous start of its own.
  removeBackend(name)
  registerBackend(name, () => backend, priority)
  findBackend(name)
}

/**
 * Does `work` on every item with `name` as tfjs's current backend, in bursts of two frames. Between bursts the backend
 * that the caller had is current again, their code has its turn, and an aborted signal ends it.
 */
export async function inBursts<Item>(
  name: string,
  items: readonly Item[],
  work: (item: Item) => void,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0
  while (next < items.length) {
    if (next > 0) await pause()
    await settle()
    signal?.throwIfAborted()
    onBackend(name, () => {
      const end = performance.now() + burst
      do work(items[next++])
      while (next < items.length && performance.now() < end)
    })
  }
}

function onBackend(name: string, compute: () => void): void {
  if (!isInitialised(name)) {
    throw new BackendError({
      subject: `the TensorFlow.js backend '${name}'`,
      expected: 'an initialised backend',
      found: 'one that was removed',
      advice: 'compile the graph again',
    })
  }
  const previous = getBackend()
  if (previous !== name) makeCurrent(name)
  try {
    compute()
  } finally {
    if (!previous) unsetBackend()
    else if (previous !== name) makeCurrent(previous)
  }
}

function isInitialised(name: string): boolean {
  return name in engine().registry
}

/** For a backend that is initialised this takes effect at once; the promise says nothing new. */
function makeCurrent(name: string): void {
  void setBackend(name)
}

/** Waits for a backend that the caller is setting just now. */
async function settle(): Promise<void> {
  const current = getBackend()
  if (current && !isInitialised(current)) await ready()
}

/** No backend is current, as before anybody set one: removing the current one is tfjs's way to get there. */
function unsetBackend(): void {
  const name = '@resnet-ts/backend-tfjs/none'
  registerBackend(name, () => new NoBackend(), Number.NEGATIVE_INFINITY)
  makeCurrent(name)
  removeBackend(name)
}

class NoBackend extends KernelBackend {
  override dispose(): void {}
}

/** Lets the event loop run: timers, input events, signals. A message is not slowed down in pages out of sight. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
