import type { Node, Params, Shape } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TfjsOps } from './tfjsOps.js'

/**
 * Computes one node. What it returns is a tensor of its own, never one of `inputs`; `shape` is what `inferShapes` gives
 * for it.
 */
export type Kernel = (inputs: readonly Tensor[], shape: Shape) => Tensor

/** Puts a parameter on the tfjs backend until the session is disposed of. tfjs may hold on to `values`. */
export type Upload = (shape: readonly number[], values: Float32Array | Int32Array) => Tensor

/** Makes what computes a node. The node's parameters are read and uploaded here, once. */
export type KernelFactory = (node: Node, params: Params, upload: Upload) => Kernel

/** What a kernel of tfjs ops is made with. */
export interface Context {
  readonly tf: TfjsOps
  readonly upload: Upload
}
