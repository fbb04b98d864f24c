import type { Shape } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TfjsCore } from './tfjsCore.js'

/**
 * Computes one node as tfjs ops. What it returns is a tensor of its own, never one of `inputs`; `shape` is what
 * `inferShapes` gives for it.
 */
export type Kernel = (inputs: readonly Tensor[], shape: Shape) => Tensor

/** What a kernel is made with. */
export interface Context {
  readonly tf: TfjsCore
  /** Puts a parameter on the tfjs backend until the session is disposed of. tfjs may hold on to `values`. */
  upload(shape: readonly number[], values: Float32Array): Tensor
}
