import { wasm } from '@resnet-ts/backend-wasm'
import { BackendError, parameter, tensor } from '@resnet-ts/graph'

/** What the tests ask a page, or a worker of its own, for. */
export const engine = { wasm, BackendError, parameter, tensor }
