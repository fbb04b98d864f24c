import type { Beginning } from '@resnet-ts/graph'
import { Gpu } from './gpu.js'
import type { WebgpuOptions } from './options.js'

/**
 * The device that the sessions of one backend share, and with it the shaders that are compiled; it is there as long as
 * one of them is. When it was lost, those that are compiled from then on get another.
 */
export class SharedGpu {
  readonly #options: WebgpuOptions
  readonly #users = new Map<Gpu, number>()
  #current: Gpu | undefined
  /** Ends when the last that was asked for is there. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: WebgpuOptions) {
    this.#options = options
  }

  /** @throws {BackendError} when there is no adapter, or it gives no device */
  acquire(): Promise<Gpu> {
    const acquired = this.#last.then(async () => {
      if (!this.#current || this.#current.guard.isLost) this.#current = await Gpu.open(this.#options)
      this.#users.set(this.#current, (this.#users.get(this.#current) ?? 0) + 1)
      return this.#current
    })
    this.#last = acquired.catch(() => undefined)
    return acquired
  }

  /** Begins to open the device; the first session that is compiled with this does not wait for all of it. */
  begin(): Beginning {
    let held: Promise<Gpu | undefined> | undefined = this.acquire().catch(() => undefined)
    return {
      end: async () => {
        const gpu = held
        held = undefined
        const opened = await gpu
        if (opened) this.release(opened)
      },
    }
  }

  release(gpu: Gpu): void {
    const users = (this.#users.get(gpu) ?? 0) - 1
    if (users > 0) {
      this.#users.set(gpu, users)
      return
    }
    this.#users.delete(gpu)
    if (this.#current === gpu) this.#current = undefined
    gpu.close()
  }
}
