import { dropout } from './dropout.js'
import type { Op } from './op.js'

/** Drops the whole branch of single images while training (Huang et al. 2016); the identity when a network is used. */
export interface DropPathAttributes {
  /** The probability that a branch is dropped, in [0, 1). */
  readonly rate: number
}

export const dropPath: Op<DropPathAttributes> = { ...dropout }
