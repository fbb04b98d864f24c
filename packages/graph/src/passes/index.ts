import type { FusedForms } from '../backend.js'
import { checkParams, type Network } from '../params.js'
import { verify } from '../verify.js'
import { decompose } from './decompose.js'
import { dropIdentities } from './dropIdentities.js'
import { foldBatchNorm } from './foldBatchNorm.js'
import { fuseActivation, fuseResidual } from './fuseEpilogue.js'
import { applyRewrites } from './rewrite.js'
import { standardiseWeights } from './standardise.js'

/**
 * The same network, made fast: identities dropped, batch norms folded into their convolutions, and bias, residual
 * and activation fused into them. Nothing is computed yet: folded parameters are when a backend reads them.
 *
 * @throws {GraphError | ParameterError} when the network is not whole
 */
export function optimise(network: Network): Network {
  verify(network.graph)
  checkParams(network)
  return applyRewrites(network, [dropIdentities, standardiseWeights, foldBatchNorm, fuseResidual, fuseActivation])
}

/**
 * The same network in the forms that a backend takes: the first thing its `compile` does.
 *
 * @throws {GraphError | ParameterError} when the network is not whole
 */
export function lower(network: Network, forms: FusedForms): Network {
  verify(network.graph)
  checkParams(network)
  return applyRewrites(network, [dropIdentities, standardiseWeights, decompose(forms)])
}
