import type { NodeValues } from '../engine/weights.js'

/** What a node's parameters are, on their way to be packed. */
export interface NodeParcel {
  readonly node: string
  readonly values: NodeValues
}

/** 1 MB: enough for a thread to be at work for a while. */
const usualBytes = 2 ** 20

/** Parameters of nodes that go from thread to thread together, in one piece of memory. */
export class Parcel {
  readonly memory: ArrayBuffer
  readonly nodes: NodeParcel[] = []
  #used = 0

  /**
   * @param count - how many values have to have room
   * @param memory - of a parcel before, which serves again if it is large enough: new memory costs more
   */
  constructor(count: number, memory: ArrayBuffer | undefined) {
    const bytes = Math.max(count * 4, usualBytes)
    this.memory = memory && memory.byteLength >= bytes ? memory : new ArrayBuffer(bytes)
  }

  /** Whether there is room for so many values. */
  fits(count: number): boolean {
    return (this.#used + count) * 4 <= this.memory.byteLength
  }

  /** Room for so many values. */
  take(count: number): Float32Array {
    const room = new Float32Array(this.memory, this.#used * 4, count)
    this.#used += count
    return room
  }
}
