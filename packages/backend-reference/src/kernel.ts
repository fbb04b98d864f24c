import type { Shape, Tensor } from '@resnet-ts/graph'

/** Computes one node: the elements of its value, whose shape `inferShapes` gives. What it is given it leaves alone. */
export type Kernel = (inputs: readonly Tensor[], shape: Shape) => Float32Array
