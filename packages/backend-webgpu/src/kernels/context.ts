import type { Shape } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Dispatch } from '../program.js'

/** What the kernel of a node is made with, and runs on. */
export interface Context {
  /** Whether weights are 16-bit floats. */
  readonly f16: boolean
  /** How many buffers a program may read. */
  readonly mostInputs: number
  /**
   * Uploads a parameter, as it is packed, until the session is disposed of.
   *
   * @throws {BackendError} when it is larger than a buffer of the adapter may be
   */
  upload(values: Float32Array | Int32Array): Tensor
  /**
   * Runs a program, whose result has this shape, in one dispatch.
   *
   * @throws {BackendError} when the result is larger than a buffer of the adapter may be
   */
  run(dispatch: Dispatch, inputs: readonly Tensor[], shape: Shape): Tensor
}
