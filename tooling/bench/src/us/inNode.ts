import { onnxruntime } from '@resnet-ts/backend-node'
import type { Job } from '../race/job.js'
import type { Racer } from '../race/runner.js'
import { racerOf, usInPage } from './inPage.js'

/** What races as us in Node: all that does in a page, and onnxruntime-node. */
export function usInNode(job: Pick<Job, 'us' | 'threads' | 'memory'>): Racer {
  if (job.us !== 'node') return usInPage(job)
  return racerOf('@resnet-ts/backend-node', () => onnxruntime({ threads: job.threads }))
}
