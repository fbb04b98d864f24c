import type { ConformanceCase } from '../case.js'
import { convolutionCases } from './convolutions.js'
import { fusedCases } from './fused.js'
import { networkCases } from './networks.js'
import { otherCases } from './others.js'
import { poolCases } from './pools.js'

/** Every op in awkward shapes, every fused form, and whole small networks: what the reference backend computes. */
export function referenceCases(): ConformanceCase[] {
  return [...convolutionCases(), ...fusedCases(), ...poolCases(), ...otherCases(), ...networkCases()]
}
