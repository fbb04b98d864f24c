import { wasm } from '@resnet-ts/backend-wasm'
import { type Backend, type Graph, type Preprocess, parameters, sizeOf } from '@resnet-ts/graph'

/** What computes where the caller says nothing, and why it is not more. */
export interface Usual {
  readonly backends: readonly Backend[]
  readonly notes: readonly string[]
}

/** Multiply-accumulates an image up to which further threads take longer to start than they save. */
const smallWork = 1e9

/** The backends that are tried where the caller names none: our own engine, on all cores if the network is not small. */
export function usualBackends(graph: Graph, { size: [height, width] }: Preprocess): Usual {
  const weights = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  // No weight has more to do than once a pixel.
  if (weights * height * width > smallWork) return { backends: [wasm()], notes: [] }
  const note = 'One thread: enough for a network this small, where no more are asked for.'
  return { backends: [wasm({ threads: 1 })], notes: [note] }
}
