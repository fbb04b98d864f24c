import { type ActivationKind, type Graph, GraphError, type Node } from '@resnet-ts/graph'

/** What the values of a step go through one by one, in this order; see assembly/pointwise.ts. */
interface PointwiseParts {
  /** The batch norm whose scale and shift are applied. */
  readonly norm: Node<'batchNorm'> | undefined
  /** A value to multiply with: a gate, or one of the same shape. */
  readonly factor: string | undefined
  readonly addend: string | undefined
}

/** One kernel's work, which is that of one node or of several. */
export interface Step {
  /** The node whose op it is; of several, the first. */
  readonly node: Node
  /** The values it reads; a residual, a factor or an addend comes after the one it works on. */
  readonly inputs: readonly string[]
  /** The node whose value it yields; of several, the last. */
  readonly output: string
  readonly activation: ActivationKind | null
  readonly parts?: PointwiseParts
}

/**
 * The steps of a graph in an order in which they can be computed: one a node, but that an activation, and what happens
 * value by value, joins the step before it where nobody else wants that step's value.
 */
export function stepsOf(graph: Graph): readonly Step[] {
  const uses = usesOf(graph)
  const steps: Step[] = []
  for (const node of graph.nodes) {
    if (node.op === 'input') continue
    const joined = join(node, steps, uses)
    if (joined) steps.splice(steps.indexOf(joined.before), 1)
    // At the end: what a step reads must stand before it.
    steps.push(joined?.step ?? stepOf(node))
  }
  return steps
}

/** How often each value is read; an output counts. */
function usesOf(graph: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const names = [...graph.nodes.flatMap((node) => node.inputs), ...Object.values(graph.outputs)]
  for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1)
  return uses
}

const noParts: PointwiseParts = { norm: undefined, factor: undefined, addend: undefined }

function stepOf(node: Node): Step {
  const step = { node, inputs: node.inputs, output: node.name, activation: null }
  switch (node.op) {
    case 'conv2d':
      return { ...step, activation: node.attributes.epilogue?.activation ?? null }
    case 'batchNorm':
      return { ...step, parts: { ...noParts, norm: node } }
    case 'multiply':
      return { ...step, parts: { ...noParts, factor: node.inputs[1] } }
    case 'add':
      return { ...step, parts: { ...noParts, addend: node.inputs[1] } }
    case 'activation':
      return { ...step, activation: node.attributes.kind, parts: noParts }
    default:
      return step
  }
}

/** The step that a node's work can join, and what comes of it. */
function join(node: Node, steps: readonly Step[], uses: ReadonlyMap<string, number>) {
  const candidates = node.op === 'add' ? node.inputs : node.inputs.slice(0, 1)
  for (const [index, input] of candidates.entries()) {
    const before = steps.find((step) => step.output === input)
    if (!before || uses.get(input) !== 1 || before.activation) continue
    const step = extended(before, node, node.inputs[1 - index])
    if (step) return { before, step }
  }
  return undefined
}

function extended(before: Step, node: Node, other: string | undefined): Step | undefined {
  const { parts } = before
  if (node.op === 'activation' && (parts || before.node.op === 'groupNorm')) {
    return { ...before, output: node.name, activation: node.attributes.kind }
  }
  if (!parts || parts.addend !== undefined || other === undefined) return undefined
  const inputs = [...before.inputs, other]
  if (node.op === 'add') return { ...before, output: node.name, inputs, parts: { ...parts, addend: other } }
  if (node.op !== 'multiply' || parts.factor !== undefined) return undefined
  return { ...before, output: node.name, inputs, parts: { ...parts, factor: other } }
}

/** Refuses a node that no kernel computes, which a lowered graph does not have. */
export function refuse(node: Node): never {
  throw new GraphError({
    subject: `node '${node.name}' (${node.op})`,
    expected: 'an op that lowering leaves',
    found: node.op,
  })
}
