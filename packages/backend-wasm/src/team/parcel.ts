import type { Region } from '../engine/memory.js'
import type { NodeParcel } from '../engine/packing.js'

/** 1 MB: enough for threads to be at work for a while. */
const usualBytes = 2 ** 20

/** Parameters of nodes that go to be packed together, in one piece of memory. */
export class Parcel {
  readonly memory: ArrayBufferLike
  readonly nodes: NodeParcel[] = []
  readonly #begin: number
  readonly #limit: number
  #end: number

  private constructor(memory: ArrayBufferLike, { address, bytes }: Region) {
    this.memory = memory
    this.#begin = address
    this.#limit = address + bytes
    this.#end = address
  }

  /**
   * In memory of its own, which can be sent.
   *
   * @param count - how many values have to have room
   * @param memory - of a parcel before, which serves again if it is large enough: new memory costs more
   */
  static own(count: number, memory: ArrayBuffer | undefined): Parcel {
    const bytes = Math.max(count * 4, usualBytes)
    const room = memory && memory.byteLength >= bytes ? memory : new ArrayBuffer(bytes)
    return new Parcel(room, { address: 0, bytes: room.byteLength })
  }

  /**
   * In a region of memory that is shared.
   *
   * @param count - how many values have to have room
   * @param beside - a parcel that stays in the region meanwhile
   * @returns undefined where there is no room beside that
   */
  static shared(count: number, memory: ArrayBufferLike, region: Region, beside?: Parcel): Parcel | undefined {
    const end = region.address + region.bytes
    const free = beside
      ? [
          { address: region.address, bytes: beside.#begin - region.address },
          { address: beside.#end, bytes: end - beside.#end },
        ]
      : [region]
    const place = free.find(({ bytes }) => bytes >= count * 4)
    // No more than is usual, so that the next has room beside it.
    return place && new Parcel(memory, { ...place, bytes: Math.min(place.bytes, Math.max(count * 4, usualBytes)) })
  }

  /** Whether there is room for so many values. */
  fits(count: number): boolean {
    return this.#end + count * 4 <= this.#limit
  }

  /** Room for so many values. */
  take(count: number): Float32Array {
    const room = new Float32Array(this.memory, this.#end, count)
    this.#end += count * 4
    return room
  }
}
