import { type Graph, OptionError, type Params, parameters } from '@resnet-ts/graph'
import { BindingError, bind, type Checkpoint, type Mismatches } from '@resnet-ts/weights'
import { initialise } from '@resnet-ts/zoo'
import { adaptInput } from './adaptInput.js'

/** A network's parameters, and what of the checkpoint did not fit: nothing, where everything has to. */
export interface BoundParams {
  readonly params: Params
  readonly mismatches: Mismatches
}

export interface BindParamsOptions {
  /** False takes what fits, and draws the rest afresh. */
  readonly strict: boolean
  /** Keys of the classifier, where the graph was built without: a checkpoint may have them. */
  readonly leftOut: readonly string[]
}

/**
 * The parameters of a graph from a checkpoint.
 *
 * @throws {BindingError} when strict and something does not fit; or else when no layer's weight does
 */
export function bindParams(graph: Graph, checkpoint: Checkpoint, options: BindParamsOptions): BoundParams {
  const { params, ...mismatches } = bind(graph, adaptInput(graph, checkpoint), options)
  if (options.strict) return { params, mismatches }
  // Norms fit by chance: those of many networks have the same sizes.
  const weights = parameters(graph).filter(({ shape }) => shape.length > 1)
  if (weights.length > 0 && !weights.some(({ key }) => params.has(key))) throw nothingFits(graph, mismatches)
  return { params: new Map([...initialise(graph), ...params]), mismatches }
}

/** A checkpoint of parameters at hand. Each is read when it is needed, as those of a file are. */
export function checkpointOf(params: Params): Checkpoint {
  const tensors = [...params].map(([key, param]) => {
    if (typeof key !== 'string' || !isParameter(param)) throw malformed(key)
    return [key, { dtype: 'F32', shape: param.shape, read: () => param.read() }] as const
  })
  return { format: 'parameters', metadata: {}, tensors: new Map(tensors) }
}

/** Whether a map is of parameters by key, and not of files by name. */
export function isParams(weights: unknown): weights is Params {
  return weights instanceof Map && (weights.size === 0 || [...weights.values()].some(isParameter))
}

/** What did not fit, for people; nothing when all did. */
export function describeMismatches(graph: Graph, { missing, misshapen, unexpected }: Mismatches): string[] {
  const fresh = [...missing, ...misshapen.map(({ key }) => key)]
  const total = parameters(graph).length
  return [
    ...(fresh.length > 0
      ? [`${fresh.length} of ${total} parameters are drawn afresh, not from the checkpoint: ${firstOf(fresh)}.`]
      : []),
    ...(unexpected.length > 0
      ? [`${unexpected.length} of the checkpoint's tensors are of no use here: ${firstOf(unexpected)}.`]
      : []),
  ]
}

function isParameter(value: unknown): value is { readonly shape: readonly number[]; read(): Float32Array } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'shape' in value &&
    Array.isArray(value.shape) &&
    'read' in value &&
    typeof value.read === 'function'
  )
}

function nothingFits(graph: Graph, mismatches: Mismatches): BindingError {
  return new BindingError(
    {
      subject: `weights for '${graph.name}'`,
      expected: 'some that fit',
      found: 'not one of a convolution or a linear layer',
      advice: 'these are the weights of another model',
    },
    mismatches,
  )
}

function malformed(key: unknown): OptionError {
  return new OptionError({
    subject: "option 'weights' of load",
    expected: 'parameters, { shape, read }, by their keys',
    found: `something else at '${String(key)}'`,
  })
}

function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}
