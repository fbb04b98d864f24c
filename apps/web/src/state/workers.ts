import { connect, type Remote } from '../remote/client.js'
import type { ModelMethods } from '../worker/api.js'

/** A worker with a workbench of its own. */
export function startWorkbench(): Remote<ModelMethods> {
  return connect(new Worker(new URL('../worker/model.worker.ts', import.meta.url), { type: 'module', name: 'model' }))
}

/** The one that has the model and the photograph of the pages. */
export const bench = startWorkbench()
