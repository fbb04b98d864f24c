import type { DrawingMethods } from '../drawing/api.js'
import { connect, type Remote } from '../remote/client.js'

let started: Remote<DrawingMethods> | undefined

/** The worker that reads graphs, started when it is first needed. */
export function drawing(): Remote<DrawingMethods> {
  started ??= connect(
    new Worker(new URL('../drawing/drawing.worker.ts', import.meta.url), { type: 'module', name: 'drawing' }),
  )
  return started
}
