import {
  type Backend,
  type Graph,
  inputsOf,
  OptionError,
  optimise,
  type Params,
  type Preprocess,
  selectOutputs,
} from '@resnet-ts/graph'
import { bind, type Checkpoint, type CheckpointSource, type Progress, readCheckpoint } from '@resnet-ts/weights'
import { initialise, type ModelFactory, type ModelOptions } from '@resnet-ts/zoo'
import { adaptInput } from './adaptInput.js'
import { chooseBackend, defaultBackends } from './backends.js'
import { type Card, type ModelConfig, readCard } from './config.js'
import { missingWeights } from './errors.js'
import { isHubName, type Origin } from './hub.js'
import { createModel, type Model } from './model.js'
import { type Named, resolveName, usualLabels } from './names.js'
import { findOrigin } from './origin.js'
import type { Pretrained } from './pretrained.js'

/** What `load` takes. */
export interface LoadOptions {
  /**
   * The checkpoint: a path (in Node), a URL, a `Blob`, the file's bytes, one that `readCheckpoint` has read, or
   * parameters at hand (from `initialise`, say). Left out, they are the embedded ones of that name, or those that are
   * published on the Hugging Face hub or by torchvision, which are fetched once and kept.
   */
  readonly weights?: CheckpointSource | Checkpoint | Params | undefined
  /** The checkpoint's card, in the form of timm's `config.json`: architecture, labels, preprocessing. */
  readonly config?: ModelConfig | undefined
  /** The classes' names; they go before the card's. */
  readonly labels?: readonly string[] | undefined
  /** How photographs are prepared; goes before the card's and the architecture's own. */
  readonly preprocess?: Preprocess | undefined
  /**
   * False takes what fits of a checkpoint and draws the rest afresh (`initialise`): for another head, or none.
   *
   * @defaultValue true: every key and shape must fit
   */
  readonly strict?: boolean | undefined
  /** How the architecture is built: `{ numClasses: 37 }`; goes before the card's. */
  readonly options?: ModelOptions | undefined
  /** The first that is available computes. @defaultValue WebAssembly */
  readonly backends?: readonly Backend[] | undefined
  /** Ends the loading early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Reads `http(s)` URLs instead of the platform's own `fetch`, here and in the model's methods. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Told how far each file of the hub has come. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Where files of the hub are kept, in Node. @defaultValue the cache of Python's huggingface_hub */
  readonly cacheDir?: string | undefined
  /** Where torchvision's files are kept, in Node. @defaultValue `TORCH_HOME`, or `~/.cache/torch` */
  readonly torchHome?: string | undefined
}

/**
 * A model by the name of an architecture or of a repository of the Hugging Face hub, as a function of the zoo, as
 * embedded weights, or as a graph of your own.
 */
export type ModelSource = string | ModelFactory | Pretrained | Graph

/** The name of the embedded weights that `load()` takes. */
export const defaultModel = 'cifar_resnet20'

/**
 * Makes a network ready to use: builds it, binds its weights, folds and fuses it, and compiles it on the first backend
 * that is available.
 *
 * @param source - `'resnet50'` or `'resnet50.a1_in1k'`, `resnet50` of the zoo (so that a bundler loads its family alone),
 * `'microsoft/resnet-50'` or `'hf:owner/name@revision'` of the hub, a `Pretrained`, or a graph of your own; the embedded
 * CIFAR-10 network if left out
 * @throws {UnknownModelError} when no model has that name
 * @throws {MissingWeightsError} when no weights of that model are here or published, or the network is not to be used
 * @throws {HubError} when the hub does not give them
 * @throws {CheckpointError} when the checkpoint cannot be read
 * @throws {BindingError} when it belongs to another network, naming every key at fault
 * @throws {OptionError} when the card or an option is malformed, or a name has a tag that is not published
 * @throws {BackendError} when no backend is available
 */
export async function load(source: ModelSource = defaultModel, options: LoadOptions = {}): Promise<Model> {
  requireSource(source)
  const { signal, fetch } = options
  signal?.throwIfAborted()
  // A card that is malformed is told of before anything is fetched.
  const given = options.config && readCard(options.config)
  const origin = options.weights === undefined && !isGraph(source) ? await findOrigin(source, options) : undefined
  const card = given ?? origin?.card ?? readCard({})
  const plan = await planOf(sourceOf(source, origin), card, options)
  const params = await paramsOf(plan, origin, options)
  const backend = await chooseBackend(options.backends ?? defaultBackends())
  signal?.throwIfAborted()
  const compile = (graph: Graph) => {
    const network = optimise({ graph, params })
    return backend.compile(network.graph, network.params)
  }
  return createModel({
    ...plan,
    params,
    session: await compile(plan.graph),
    compile: async (outputs) => compile(selectOutputs(plan.graph, outputs)),
    fetch,
  })
}

/** A network before it has weights. */
interface Plan {
  readonly name: string
  readonly graph: Graph
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess
}

/** What is to be built: a repository is of the architecture that its origin says. */
function sourceOf(source: ModelSource, origin: Origin | undefined): ModelSource {
  if (typeof source !== 'string' || !isHubName(source)) return source
  if (origin?.card.architecture !== undefined) return origin.card.architecture
  throw new OptionError({
    subject: `model '${source}'`,
    expected: 'the weights of its repository',
    found: 'others in the options',
    advice: 'name the architecture in its place',
  })
}

async function planOf(source: ModelSource, card: Card, options: LoadOptions): Promise<Plan> {
  if (isGraph(source)) return planOfGraph(source, card, options)
  const { factory, checkpoint } = await findFactory(source, card)
  if (card.architecture !== undefined && card.architecture !== factory.modelName) {
    throw new OptionError({
      subject: 'model config',
      expected: `the card of a ${factory.modelName}`,
      found: `that of a ${card.architecture}`,
    })
  }
  // The words of a card are of no use for another number of classes.
  const wanted = options.options?.numClasses
  const labels = options.labels ?? (wanted === undefined || wanted === card.labels?.length ? card.labels : undefined)
  const numClasses = labels?.length ?? checkpoint?.numClasses
  const graph = factory({ ...(numClasses && { numClasses }), ...card.options, ...options.options })
  checkLabels(graph, labels)
  return {
    name: factory.modelName,
    graph,
    labels: labels ?? (await usualLabels(classesOf(graph))),
    preprocess: options.preprocess ?? card.preprocess ?? checkpoint?.preprocess ?? factory.preprocess,
  }
}

function planOfGraph(graph: Graph, card: Card, options: LoadOptions): Plan {
  const preprocess = options.preprocess ?? card.preprocess
  if (!preprocess) {
    throw new OptionError({
      subject: `graph '${graph.name}'`,
      expected: 'its preprocessing in the options',
      found: 'none',
      advice: 'pass { preprocess } or { config }; imagenetPreprocess is a usual one',
    })
  }
  const labels = options.labels ?? card.labels
  checkLabels(graph, labels)
  return { name: graph.name, graph, labels, preprocess }
}

async function findFactory(source: string | ModelFactory | Pretrained, card: Card): Promise<Named> {
  if (typeof source === 'function') return { factory: source, checkpoint: undefined }
  const name = typeof source === 'string' ? source : card.architecture
  if (name === undefined) {
    throw new OptionError({ subject: 'model config', expected: "the field 'architecture'", found: 'nothing' })
  }
  return resolveName(name)
}

async function paramsOf(plan: Plan, origin: Origin | undefined, options: LoadOptions): Promise<Params> {
  const { weights, strict = true } = options
  if (weights instanceof Map) return weights
  const given = weights as CheckpointSource | Checkpoint | undefined
  const checkpoint = await checkpointOf(plan, given, origin, options)
  const { params } = bind(plan.graph, adaptInput(plan.graph, checkpoint), { strict })
  return strict ? params : new Map([...initialise(plan.graph), ...params])
}

async function checkpointOf(
  { name }: Plan,
  weights: CheckpointSource | Checkpoint | undefined,
  origin: Origin | undefined,
  { signal, fetch, cacheDir, onProgress }: LoadOptions,
): Promise<Checkpoint> {
  if (isCheckpoint(weights)) return weights
  if (weights !== undefined) return readCheckpoint(weights, { signal, fetch, cacheDir, onProgress })
  if (origin) return origin.read()
  throw missingWeights(name)
}

function checkLabels(graph: Graph, labels: readonly string[] | undefined): void {
  const classes = classesOf(graph)
  if (!labels || classes === undefined || labels.length === classes) return
  throw new OptionError({
    subject: `labels of '${graph.name}'`,
    expected: `${classes} names, one a class`,
    found: String(labels.length),
  })
}

function classesOf(graph: Graph): number | undefined {
  return graph.nodes.find((node) => node.name === graph.outputs.logits)?.type.channels
}

function requireSource(source: unknown): void {
  const kind = typeof source
  if (kind === 'string' || kind === 'function' || (kind === 'object' && source !== null)) return
  throw new OptionError({
    subject: 'the model',
    expected: 'a name, a function of the zoo, embedded weights or a graph',
    found: String(source),
  })
}

function isGraph(source: ModelSource): source is Graph {
  return typeof source === 'object' && 'nodes' in source && inputsOf(source).length > 0
}

function isCheckpoint(weights: CheckpointSource | Checkpoint | undefined): weights is Checkpoint {
  return typeof weights === 'object' && 'tensors' in weights
}
