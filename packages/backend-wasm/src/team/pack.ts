import { type Network, parametersOf } from '@resnet-ts/graph'
import type { Team } from './team.js'

/**
 * Has a team pack a network's parameters, one node after the other; where that fails, the team is ended.
 *
 * @throws {ParameterError} when one has not the values that it should
 * @throws {BackendError} when there is not enough memory, or the threads do not start
 */
export async function pack({ graph, params }: Network, team: Team): Promise<void> {
  try {
    for (const node of graph.nodes) {
      if (parametersOf(node).length > 0) await team.pack(node, params)
    }
    await team.packed()
  } catch (error) {
    await team.end()
    throw error
  }
}
