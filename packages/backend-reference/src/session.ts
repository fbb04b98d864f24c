import {
  disposedSession,
  type Graph,
  type Node,
  planInputs,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Shapes,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { Kernel } from './kernel.js'

/** A node, what computes it, and the values that nobody needs once it is computed. */
export interface Step {
  readonly node: Node
  readonly kernel: Kernel
  readonly lastUses: readonly string[]
}

type Inputs = Readonly<Record<string, Tensor>>

/** Milliseconds of computing after which the event loop has its turn: one frame. */
const turn = 16

/** Computes the nodes one after another, in the order of the graph. */
export class ReferenceSession implements Session {
  readonly #graph: Graph
  readonly #running = new Set<Promise<unknown>>()
  /** Undefined once disposed of. */
  #steps: readonly Step[] | undefined

  constructor(graph: Graph, steps: readonly Step[]) {
    this.#graph = graph
    this.#steps = steps
  }

  async run(inputs: Inputs, { signal }: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (!this.#steps) throw disposedSession('reference', this.#graph)
    const running = execute(this.#graph, this.#steps, inputs, signal)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  describe(): SessionDescription {
    return {
      backend: 'reference',
      device: 'JavaScript, one thread',
      notes: ['It is written to be read, not to be fast, and holds up the thread it runs on.'],
    }
  }

  async dispose(): Promise<void> {
    this.#steps = undefined
    await Promise.allSettled(this.#running)
  }
}

async function execute(
  graph: Graph,
  steps: readonly Step[],
  inputs: Inputs,
  signal: AbortSignal | undefined,
): Promise<Record<string, Tensor>> {
  signal?.throwIfAborted()
  const shapes = planInputs(graph, inputs)
  const values = new Map<string, Tensor>()
  let pausedAt = performance.now()
  for (const step of steps) {
    if (performance.now() - pausedAt > turn) {
      await pause()
      pausedAt = performance.now()
    }
    signal?.throwIfAborted()
    values.set(step.node.name, compute(step, shapes, values, inputs))
    for (const name of step.lastUses) values.delete(name)
  }
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node) as Tensor]))
}

function compute({ node, kernel }: Step, shapes: Shapes, values: ReadonlyMap<string, Tensor>, inputs: Inputs): Tensor {
  const given = node.op === 'input' ? [inputs[node.name]] : node.inputs.map((name) => values.get(name) as Tensor)
  const shape = shapes.get(node.name) as Tensor['shape']
  return tensor(shape, kernel(given, shape))
}

/** Lets the event loop run, so that a signal can arrive. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
