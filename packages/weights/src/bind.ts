import { type Graph, OptionError, type Parameter, type ParameterSpec, type Params, parameters } from '@resnet-ts/graph'
import type { Checkpoint, CheckpointTensor } from './checkpoint.js'
import { decoderOf, unreadable } from './dtypes.js'
import { BindingError, type Mismatches } from './errors.js'
import { unfold } from './folded.js'
import { translate } from './names/index.js'
import { renameByOrder } from './names/ordered.js'
import { describeShape, firstOf, quote } from './text.js'

/** How a checkpoint is bound to a graph. */
export interface BindOptions {
  /**
   * Whether every parameter of the graph must be in the checkpoint, with its shape, and nothing else.
   *
   * @defaultValue true
   */
  readonly strict?: boolean | undefined
  /**
   * The graph's key for a key of the checkpoint, or nothing to leave that tensor out.
   *
   * @defaultValue the same key, where the checkpoint has the graph's keys; else what `translate` makes of it, without
   * the prefix that a wrapper left
   */
  readonly mapping?: ((key: string) => string | undefined) | undefined
  /** Keys of what was left out of the graph on purpose, its classifier say: a checkpoint may have them. */
  readonly leftOut?: readonly string[] | undefined
}

/** A checkpoint's tensors as a graph's parameters, and what did not fit: nothing, when it was strict. */
export interface Binding extends Mismatches {
  /** What fits, in the graph's order. Each is decoded when it is read. */
  readonly params: Params
}

/**
 * Finds a graph's parameters in a checkpoint, by key. PyTorch's `num_batches_tracked` is ignored. Where norms were
 * folded into convolutions, as exporters do, and nothing but the convolutions' biases is left of them, those biases
 * become norms that change nothing else.
 *
 * With `strict: false` the parameters that do not fit are left out of `params`: complete them before a backend
 * compiles the graph, for instance `new Map([...initialParams, ...params])`.
 *
 * @throws {BindingError} when strict, naming all keys that are missing, unexpected or misshapen
 * @throws {CheckpointError} when a tensor that the graph needs is not F64, F32, F16 or BF16
 * @throws {OptionError} when `mapping` gives the same key to two tensors
 */
export function bind(graph: Graph, checkpoint: Checkpoint, options: BindOptions = {}): Binding {
  const { strict = true, mapping, leftOut = [] } = options
  const specs = parameters(graph)
  const tensors = mapping
    ? renamed(checkpoint, mapping)
    : likeliest(graph, checkpoint, [...specs.map(({ key }) => key), ...leftOut])
  const unfolded = unfold(graph, new Map([...tensors].map(([key, { tensor }]) => [key, tensor])))
  const params = new Map<string, Parameter>()
  const missing: string[] = []
  const misshapen: Mismatches['misshapen'][number][] = []
  for (const { key, shape } of specs) {
    const found = tensors.get(key)
    const norm = unfolded.params.get(key)
    if (norm) params.set(key, norm)
    else if (!found) missing.push(key)
    else if (!sameShape(found.tensor.shape, shape)) {
      misshapen.push({ key, expected: shape, found: found.tensor.shape })
    } else {
      if (!decoderOf(found.tensor.dtype)) throw unreadable(found.name, found.tensor.dtype)
      params.set(key, found.tensor)
    }
  }
  const known = new Set([...specs.map(({ key }) => key), ...unfolded.biases, ...leftOut])
  const unexpected = [...tensors].filter(([key]) => !known.has(key)).map(([, { name }]) => name)
  const mismatches = { missing, unexpected, misshapen }
  if (strict && missing.length + unexpected.length + misshapen.length > 0)
    throw mismatch(graph, specs, mismatches, checkpoint)
  return { params, ...mismatches }
}

interface Named {
  /** Its name in the checkpoint. */
  readonly name: string
  readonly tensor: CheckpointTensor
}

/** The checkpoint's tensors by the graph's keys. */
function renamed(checkpoint: Checkpoint, mapping: (key: string) => string | undefined): Map<string, Named> {
  const tensors = new Map<string, Named>()
  for (const [name, tensor] of checkpoint.tensors) {
    const key = mapping(name)
    if (key === undefined || /(^|\.)num_batches_tracked$/.test(key)) continue
    const other = tensors.get(key)
    if (other) {
      throw new OptionError({
        subject: 'option mapping',
        expected: `one tensor for ${quote(key)}`,
        found: `${quote(other.name)} and ${quote(name)}`,
      })
    }
    tensors.set(key, { name, tensor })
  }
  return tensors
}

/** The checkpoint's tensors by their own names, or by what those mean, whichever are more of those that are known. */
function likeliest(graph: Graph, checkpoint: Checkpoint, known: readonly string[]): Map<string, Named> {
  const asIs = renamed(checkpoint, (key) => key)
  const fitting = (tensors: ReadonlyMap<string, Named>) => known.filter((key) => tensors.has(key)).length
  if (fitting(asIs) === known.length) return asIs
  const translated = renamed(translate(checkpoint), (key) => key)
  const prefix = commonPrefix(parameters(graph), [...asIs.keys()])
  const stripped = renamed(checkpoint, (key) =>
    prefix && key.startsWith(prefix) ? key.slice(prefix.length) : undefined,
  )
  const ordered = checkpoint.format === 'onnx' ? renameByOrder(graph, checkpoint) : undefined
  return [asIs, translated, stripped, renamed(checkpoint, ordered ?? (() => undefined))].reduce((best, other) =>
    fitting(other) > fitting(best) ? other : best,
  )
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function mismatch(
  graph: Graph,
  specs: readonly ParameterSpec[],
  mismatches: Mismatches,
  checkpoint: Checkpoint,
): BindingError {
  const { missing, unexpected, misshapen } = mismatches
  const shapes = misshapen.map(
    ({ key, expected, found }) => `${quote(key)} ${describeShape(found)} instead of ${describeShape(expected)}`,
  )
  const found = [
    missing.length > 0 && `${missing.length} missing (${firstOf(missing.map(quote))})`,
    unexpected.length > 0 && `${unexpected.length} unexpected (${firstOf(unexpected.map(quote))})`,
    misshapen.length > 0 && `${misshapen.length} misshapen (${firstOf(shapes)})`,
  ]
  return new BindingError(
    {
      subject: `weights for ${quote(graph.name)}`,
      expected: `its ${specs.length} parameters`,
      found: found.filter(Boolean).join(', '),
      advice: advise(specs, mismatches, checkpoint),
    },
    mismatches,
  )
}

function advise(
  specs: readonly ParameterSpec[],
  { missing, unexpected, misshapen }: Mismatches,
  { format, metadata }: Checkpoint,
): string {
  // A classifier for other classes is no other model: its parameters, the last, do not count.
  const head = specs.at(-1)?.node
  const faults = [...missing, ...unexpected, ...misshapen.map(({ key }) => key)]
  const foreign = faults.filter((key) => !key.startsWith(`${head}.`)).length
  if (foreign > Math.max(2, specs.length / 10)) {
    // What the converter calls them depends on its version, and on what it has folded.
    if (format === 'tfjs' && metadata.format === 'graph-model')
      return 'names of a graph model are not known: take the .h5, .keras or layers model that it was made of, or give a mapping'
    return 'these are the weights of another model, or of this one built with other options'
  }
  const fitting = specs.length - missing.length - misshapen.length
  return `pass strict: false to take the ${fitting} that fit`
}

/** What stands before all keys of the graph in a checkpoint that a wrapper wrote: `module.`, `model.`. */
function commonPrefix(specs: readonly ParameterSpec[], unexpected: readonly string[]): string | undefined {
  const first = specs[0]?.key
  const names = new Set(unexpected)
  const prefixes = unexpected
    .filter((name) => first !== undefined && name.endsWith(`.${first}`))
    .map((name) => name.slice(0, -first!.length))
  return prefixes.find((prefix) => specs.every(({ key }) => names.has(prefix + key)))
}
