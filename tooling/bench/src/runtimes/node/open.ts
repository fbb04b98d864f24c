import { fileURLToPath } from 'node:url'
import type { Outcome } from '../../race/job.js'
import type { RaceRuntime } from '../runtime.js'
import { ask } from './ask.js'
import { describeNode } from './describe.js'

const child = fileURLToPath(new URL('../../../dist/runtimes/node/child.js', import.meta.url))

/**
 * Races in processes of Node, a new one for each.
 *
 * @param node - the executable; that of this process, if left out
 * @throws {OptionError} when it is no Node
 */
export async function openNode(node = process.execPath): Promise<RaceRuntime> {
  return {
    description: await describeNode(node),
    async perform(job, signal) {
      const reply = await ask<Outcome>(node, child, job, signal)
      return 'answer' in reply ? reply.answer : { state: 'failed', reason: reply.failure }
    },
    async close() {},
  }
}
