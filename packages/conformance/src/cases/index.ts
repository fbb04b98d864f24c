import type { ConformanceCase } from '../case.js'
import { convolutionCases } from './convolutions.js'
import { fusedCases } from './fused.js'
import { goldenCases } from './golden.js'
import { networkCases } from './networks.js'
import { otherCases } from './others.js'
import { poolCases } from './pools.js'

/**
 * All cases: every op as PyTorch computes it; every op in awkward shapes, every fused form, and whole small networks
 * as the reference backend computes them.
 */
export function conformanceCases(): ConformanceCase[] {
  return [...goldenCases(), ...convolutionCases(), ...fusedCases(), ...poolCases(), ...otherCases(), ...networkCases()]
}
