import type { Graph, Shape, Shapes } from '@resnet-ts/graph'
import type { Filters, Form, Weighted } from './forms.js'
import type { Step } from './steps.js'

/** Where a node's packed weights lie. */
export interface Placement {
  readonly weights: number
  readonly bias: number
  readonly offsets: number
}

/** What was decided of each convolution when its weights were packed. */
export interface Weighed {
  form(node: Weighted): Form
  filters(node: Weighted): Filters
  /** Bytes that the node needs beside its output, for an input of this shape. */
  extraBytes(node: Weighted, input: Shape): number
}

/** What does not change from plan to plan. */
export interface Prepared {
  readonly graph: Graph
  readonly steps: readonly Step[]
  /** Where each step's weights lie. */
  readonly placements: ReadonlyMap<string, Placement>
  readonly weighed: Weighed
  /** Zeros, as many as any node has input channels. */
  readonly zeros: number
  readonly threads: number
  /** TILE_ROWS of the binary. */
  readonly tileRows: number
}

/** What a step's ops are made from. */
export interface Site {
  readonly step: Step
  readonly shapes: Shapes
  /** The address of a value. */
  readonly at: (value: string) => number
  /** The address of the memory that the step asked for beside its output. */
  readonly extra: number
  readonly prepared: Prepared
}
