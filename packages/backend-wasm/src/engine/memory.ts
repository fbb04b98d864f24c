import { BackendError } from '@resnet-ts/graph'

/** Words below the kernels' own memory, which begins at 1024 (scripts/assemble.mjs), in bytes from the start. */
export const fixed = {
  /** `Team` of assembly/work.ts. */
  team: 64,
  /** `Team.cancelled`. */
  cancelled: 64 + 12,
  /** The job that helping threads wait for: its number, then what they call `run` with. */
  job: 128,
} as const

/** The words of a job, after its number: arguments of `run`, and whether there will be no more. */
export const jobWords = ['number', 'plan', 'last', 'scratch', 'scratchBytes'] as const

const pageBytes = 65536
/** What 32-bit addresses reach. */
export const mostPages = 65536

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
