import type { Shape } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * Computes one node as tfjs ops. What it returns is a tensor of its own, never one of `inputs`; `shape` is what
 * `inferShapes` gives for it.
 */
export type Kernel = (inputs: readonly Tensor[], shape: Shape) => Tensor

/** Puts a parameter on the tfjs backend, where it stays until the session is disposed of. tfjs may keep `values`. */
export type Upload = (shape: readonly number[], values: Float32Array) => Tensor
