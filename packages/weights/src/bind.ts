import { type Graph, OptionError, type ParameterSpec, type Params, parameters } from '@resnet-ts/graph'
import type { Checkpoint, CheckpointTensor } from './checkpoint.js'
import { decoderOf, unreadable } from './dtypes.js'
import { BindingError, type Mismatches } from './errors.js'
import { describeShape, firstOf, quote } from './text.js'

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
   * @defaultValue the same key
   */
  readonly mapping?: ((key: string) => string | undefined) | undefined
}

/** A checkpoint's tensors as a graph's parameters, and what did not fit: nothing, when it was strict. */
export interface Binding extends Mismatches {
  /** What fits, in the graph's order. Each is decoded when it is read. */
  readonly params: Params
}

/**
 * Finds a graph's parameters in a checkpoint, by key. PyTorch's `num_batches_tracked` is ignored.
 *
 * With `strict: false` the parameters that do not fit are left out of `params`: complete them before a backend
 * compiles the graph, for instance `new Map([...initialParams, ...params])`.
 *
 * @throws {BindingError} when strict, naming all keys that are missing, unexpected or misshapen
 * @throws {CheckpointError} when a tensor that the graph needs is not F64, F32, F16 or BF16
 * @throws {OptionError} when `mapping` gives the same key to two tensors
 */
export function bind(graph: Graph, checkpoint: Checkpoint, { strict = true, mapping }: BindOptions = {}): Binding {
  const specs = parameters(graph)
  const tensors = renamed(checkpoint, mapping ?? ((key) => key))
  const params = new Map<string, CheckpointTensor>()
  const missing: string[] = []
  const misshapen: Mismatches['misshapen'][number][] = []
  for (const { key, shape } of specs) {
    const found = tensors.get(key)
    if (!found) missing.push(key)
    else if (!sameShape(found.tensor.shape, shape)) {
      misshapen.push({ key, expected: shape, found: found.tensor.shape })
    } else {
      if (!decoderOf(found.tensor.dtype)) throw unreadable(found.name, found.tensor.dtype)
      params.set(key, found.tensor)
    }
  }
  const known = new Set(specs.map(({ key }) => key))
  const unexpected = [...tensors].filter(([key]) => !known.has(key)).map(([, { name }]) => name)
  const mismatches = { missing, unexpected, misshapen }
  if (strict && missing.length + unexpected.length + misshapen.length > 0) throw mismatch(graph, specs, mismatches)
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

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function mismatch(graph: Graph, specs: readonly ParameterSpec[], mismatches: Mismatches): BindingError {
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
      advice: advise(specs, mismatches),
    },
    mismatches,
  )
}

function advise(specs: readonly ParameterSpec[], { missing, unexpected, misshapen }: Mismatches): string {
  const prefix = commonPrefix(specs, unexpected)
  if (prefix !== undefined) return `its keys begin with ${quote(prefix)}: pass a mapping that takes it off`
  // A classifier for other classes is no other model: its parameters, the last, do not count.
  const head = specs.at(-1)?.node
  const faults = [...missing, ...unexpected, ...misshapen.map(({ key }) => key)]
  const foreign = faults.filter((key) => !key.startsWith(`${head}.`)).length
  if (foreign > Math.max(2, specs.length / 10))
    return 'these are the weights of another model, or of this one built with other options'
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
