import { BackendError } from '@resnet-ts/graph'

/**
 * What lies below the kernels' own memory, which begins at 1024 (tooling/assembly), in bytes from the start. From 512 to 768 it
 * is `TAKEN` of assembly/work.ts.
 */
export const fixed = {
  /** `Team` of assembly/work.ts. */
  team: 64,
  /** The job that helping threads wait for: its number, then the plan, the last op, the scratch and its bytes a thread. */
  job: 128,
  /** Not 0 once the helping threads are to end. */
  over: 160,
} as const

/** The fields of `Team` of assembly/work.ts, in words. */
export const teamFields = ['arrived', 'generation', 'sleepers', 'cancelled', 'stopped'] as const

/** A stretch of memory. */
export interface Region {
  readonly address: number
  readonly bytes: number
}

/**
 * Has the helping threads go back to their event loops. A page's worker that does not is ended all the same, but in Chromium
 * two seconds later.
 */
export function releaseHelpers({ buffer }: WebAssembly.Memory): void {
  Atomics.store(new Int32Array(buffer, fixed.over, 1), 0, 1)
  const job = new Int32Array(buffer, fixed.job, 1)
  Atomics.add(job, 0, 1)
  Atomics.notify(job, 0)
}

/** Tells the threads that share a memory to end their run, or takes that back. */
export function setCancelled({ buffer }: WebAssembly.Memory, cancelled: boolean): void {
  Atomics.store(
    new Int32Array(buffer, fixed.team, teamFields.length),
    teamFields.indexOf('cancelled'),
    Number(cancelled),
  )
}

const pageBytes = 65536
/** What 32-bit addresses reach. */
const mostPages = 65536
/** Less address space than this is of no use: 64 MiB. */
const leastPages = 1024

/** Memory of a thread's own. */
export function ownMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: mostPages })
}

/**
 * Memory that threads can share, as large as there is address space for.
 *
 * @throws {BackendError} when there is next to none
 */
export function sharedMemory(): WebAssembly.Memory {
  for (let maximum = mostPages; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true })
    } catch (cause) {
      if (maximum > leastPages) continue
      throw new BackendError({
        subject: "backend 'wasm'",
        expected: `address space for ${megabytes(leastPages * pageBytes)} of shared memory`,
        found: 'none to be had',
        advice: 'dispose of sessions that are not needed any more',
        cause,
      })
    }
  }
}

/** The memory of one session, which grows and never shrinks. Views are made anew, since growing replaces the buffer. */
export class Memory {
  readonly raw: WebAssembly.Memory

  constructor(raw: WebAssembly.Memory) {
    this.raw = raw
  }

  get bytes(): number {
    return this.raw.buffer.byteLength
  }

  /**
   * Makes sure of the bytes below `end`.
   *
   * @throws {BackendError} when there is no more memory to be had
   */
  reserve(end: number): void {
    const missing = Math.ceil(end / pageBytes) - this.bytes / pageBytes
    if (missing <= 0) return
    try {
      this.raw.grow(missing)
    } catch (cause) {
      throw new BackendError({
        subject: "backend 'wasm'",
        expected: `${megabytes(end)} of WebAssembly memory`,
        found: `${megabytes(this.bytes)}, and no more to be had`,
        advice: 'a smaller batch or image, or a smaller network, needs less',
        cause,
      })
    }
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.raw.buffer, address, count)
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.raw.buffer, address, count)
  }

  words(address: number, count: number): Int32Array {
    return new Int32Array(this.raw.buffer, address, count)
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}
