import type { ShortcutOption } from '@resnet-ts/blocks'
import { type Graph, parameters } from '@resnet-ts/graph'
import { models } from './catalog.js'
import type { ModelOptions } from './resnet.js'
import { classifier, firstConvolution, type KeyShapes, signatureOf } from './signature.js'
import { signatures } from './signatures.data.js'

export type { KeyShapes } from './signature.js'

/** The network that a checkpoint is of. */
export interface Recognised {
  /** A name of `models`: the plainest, where several have the same keys and shapes. */
  readonly name: string
  /** What to call its factory with. */
  readonly options: ModelOptions
  /**
   * Whether the checkpoint has no norms, because they were folded into its convolutions, which have biases in their
   * place.
   */
  readonly folded: boolean
  /** Other models with the very same keys and shapes, which differ in what has no parameters, such as pooling. */
  readonly alternatives: readonly string[]
}

/**
 * Finds the model of the zoo, and its options, that has exactly these keys and shapes, whatever their order: the
 * number of classes (0 without a classifier), the channels of the image and the kind of shortcut are read from them.
 * Checkpoints of other sources are renamed first. `num_batches_tracked` is ignored.
 *
 * A model is looked up by the hash of its convolutions, in a table that was made of all rows, and then built and
 * compared key by key: so only the few graphs that may fit are built.
 *
 * @returns nothing when no model has them
 */
export function recognise(shapes: KeyShapes): Recognised | undefined {
  const known = new Map([...shapes].filter(([key]) => !/(^|\.)num_batches_tracked$/.test(key)))
  const fitting = (signatures[signatureOf(known)] ?? []).flatMap((entry) => {
    const [name, shortcut] = entry.split(':') as [string, ShortcutOption | undefined]
    const options = { ...optionsOf(known), ...(shortcut && { shortcut }) }
    const fit = compare(models.get(name)!(options), known)
    return fit ? [{ name, options, folded: fit === 'folded' }] : []
  })
  const [first, ...others] = fitting
  return first && { ...first, alternatives: others.map(({ name }) => name) }
}

function optionsOf(shapes: KeyShapes): ModelOptions {
  const find = (pattern: RegExp) => [...shapes].find(([key]) => pattern.test(key))?.[1]
  return { numClasses: find(classifier)?.[0] ?? 0, inChannels: find(firstConvolution)?.[1] ?? 3 }
}

/** Whether a graph has these parameters, or those it would have with its norms folded. */
function compare(graph: Graph, shapes: KeyShapes): 'equal' | 'folded' | undefined {
  const specs = parameters(graph)
  const missing = specs.filter(({ key, shape }) => shapes.get(key)?.join() !== shape.join())
  if (missing.length === 0) return shapes.size === specs.length ? 'equal' : undefined
  const biases = foldedBiases(graph, new Set(missing.map(({ node }) => node)))
  if (!biases?.every((key) => shapes.has(key))) return undefined
  // Nothing of those norms may be left, and nothing else be there.
  const gone = new Set(missing.map(({ node }) => node))
  const left = specs.filter(({ node }) => !gone.has(node)).map(({ key }) => key)
  const expected = new Set([...left, ...biases])
  return shapes.size === expected.size && [...expected].every((key) => shapes.has(key)) ? 'folded' : undefined
}

/** The biases in whose place these norms would have gone; nothing where one does not follow a convolution. */
function foldedBiases(graph: Graph, norms: ReadonlySet<string>): readonly string[] | undefined {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
  const biases: string[] = []
  for (const name of norms) {
    const norm = nodes.get(name)!
    const input = nodes.get(norm.inputs[0] ?? '')
    if (norm.op !== 'batchNorm' || input?.op !== 'conv2d') return undefined
    biases.push(`${input.name}.bias`)
  }
  return biases
}
