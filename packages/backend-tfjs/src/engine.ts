import { BackendError } from '@resnet-ts/graph'
import type { KernelBackend } from '@tensorflow/tfjs-core'
import type { TfjsCore } from './tfjsCore.js'

/** Milliseconds of computing after which the caller's code has its turn: two frames. */
const burst = 32

/**
 * Where the queue hangs on tfjs's engine. The engine is what it guards, and there is one in a page or a process,
 * however many copies of this module there are; so the queue lives there, not in the module.
 */
const queueKey = Symbol.for('@resnet-ts/backend-tfjs/queue')

/** tfjs's one engine, with its one current backend, shared with the caller and with all sessions. */
export class Engine {
  readonly #tf: TfjsCore

  constructor(tf: TfjsCore) {
    this.#tf = tf
  }

  /** Runs `task` once all tasks before it, of any session, have ended. */
  enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const owner = this.#tf.engine() as { [queueKey]?: Promise<unknown> }
    const result = (owner[queueKey] ?? Promise.resolve()).then(task)
    owner[queueKey] = result.catch(() => undefined)
    return result
  }

  /**
   * Makes a registered backend ready for use. Unlike tfjs's own `setBackend` it never leaves the engine without a
   * backend meanwhile, in which state every op of the caller's fails; and a failure is thrown, not printed.
   *
   * @throws {BackendError} when there is no such backend
   */
  async initialise(name: string): Promise<void> {
    const tf = this.#tf
    await this.#settle()
    if (this.#isInitialised(name)) return
    const factory = tf.findBackendFactory(name)
    if (!factory) {
      const known = tf.engine().backendNames()
      throw new BackendError({
        subject: `the TensorFlow.js backend '${name}'`,
        expected: 'a registered backend',
        found: known.length > 0 ? `only ${known.join(', ')}` : 'none',
        advice: `import '@tensorflow/tfjs-backend-${name}' first`,
      })
    }
    const { priority } = tf.engine().registryFactory[name]
    const backend = await factory()
    if (this.#isInitialised(name)) {
      backend.dispose()
      return
    }
    // Registering what is there already makes tfjs take it at once, without a start of its own.
    tf.removeBackend(name)
    tf.registerBackend(name, () => backend, priority)
    tf.findBackend(name)
  }

  /** Registers a backend that is ready for use, under a name that nobody else has, and takes it from there again. */
  adopt(name: string, backend: KernelBackend): void {
    // The least of priorities: tfjs takes it for the caller's operations only where there is no other.
    this.#tf.registerBackend(name, () => backend, Number.NEGATIVE_INFINITY)
    this.#tf.findBackend(name)
  }

  /** Disposes of an adopted backend, if it is still there. */
  dismiss(name: string): void {
    if (this.#isInitialised(name)) this.#tf.removeBackend(name)
  }

  /**
   * Does `work` on every item with `name` as the current backend, in bursts of two frames. Between bursts the backend
   * that the caller had is current again, their code has its turn, and an aborted signal ends it.
   */
  async inBursts<Item>(
    name: string,
    items: readonly Item[],
    work: (item: Item) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    let next = 0
    while (next < items.length) {
      if (next > 0) await pause()
      await this.#settle()
      signal?.throwIfAborted()
      this.#onBackend(name, () => {
        const end = performance.now() + burst
        do work(items[next++])
        while (next < items.length && performance.now() < end)
      })
    }
  }

  #onBackend(name: string, compute: () => void): void {
    if (!this.#isInitialised(name)) {
      throw new BackendError({
        subject: `the TensorFlow.js backend '${name}'`,
        expected: 'an initialised backend',
        found: 'one that was removed',
        advice: 'compile the graph again',
      })
    }
    const previous = this.#tf.getBackend()
    if (previous !== name) this.#makeCurrent(name)
    try {
      compute()
    } finally {
      if (!previous) this.#unsetBackend()
      else if (previous !== name) this.#makeCurrent(previous)
    }
  }

  #isInitialised(name: string): boolean {
    return name in this.#tf.engine().registry
  }

  /** For a backend that is initialised this takes effect at once; the promise says nothing new. */
  #makeCurrent(name: string): void {
    void this.#tf.setBackend(name)
  }

  /** Waits for a backend that the caller is setting just now. */
  async #settle(): Promise<void> {
    const current = this.#tf.getBackend()
    if (current && !this.#isInitialised(current)) await this.#tf.ready()
  }

  /** No backend is current, as before anybody set one: removing the current one is tfjs's way to get there. */
  #unsetBackend(): void {
    const { KernelBackend, registerBackend, removeBackend } = this.#tf
    class NoBackend extends KernelBackend {
      override dispose(): void {}
    }
    const name = '@resnet-ts/backend-tfjs/none'
    registerBackend(name, () => new NoBackend(), Number.NEGATIVE_INFINITY)
    this.#makeCurrent(name)
    removeBackend(name)
  }
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
