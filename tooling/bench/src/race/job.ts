import type { PeerName } from '../peers/names.js'
import type { UsName } from '../us/names.js'
import type { Agreement } from './agreement.js'

/** How much memory the engine may spend on speed. */
export const memoryModes = ['default', 'low'] as const

export type MemoryMode = (typeof memoryModes)[number]

/** One race, in words that can be sent to another process. */
export interface Job {
  readonly model: string
  readonly batch: number
  /** Height and width of the images, in pixels; if left out, the model's own. */
  readonly size?: number
  readonly threads: number
  readonly us: UsName
  readonly memory: MemoryMode
  readonly peer: PeerName
  readonly rounds: number
  readonly warmUpRounds: number
  readonly warmUpMilliseconds: number
}

/** Who ran. */
export interface Side {
  readonly name: string
  readonly version: string
  readonly device: string
}

/** What became of a job. */
export type Outcome =
  | {
      readonly state: 'raced'
      readonly us: Side
      readonly peer: Side
      readonly usTimes: readonly number[]
      readonly peerTimes: readonly number[]
      readonly agreement: Agreement
    }
  | {
      /** `unsupported`: the peer cannot, and says why. `failed`: something went wrong. */
      readonly state: 'unsupported' | 'failed'
      readonly reason: string
    }
