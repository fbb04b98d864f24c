import type { ConformanceCase } from '../case.js'
import { goldenCases } from './golden.js'
import { referenceCases } from './reference.js'

/**
 * All cases: every op as PyTorch computes it; every op in awkward shapes, every fused form, and whole small networks
 * as the reference backend computes them.
 */
export function conformanceCases(): ConformanceCase[] {
  return [...goldenCases(), ...referenceCases()]
}
