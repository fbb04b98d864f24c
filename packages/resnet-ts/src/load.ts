import {
  type Backend,
  describeValue,
  type Graph,
  inputsOf,
  type Network,
  OptionError,
  type OptionNames,
  optimise,
  type Params,
  type Preprocess,
  parameters,
  refuseUnknownOptions,
  selectOutputs,
} from '@resnet-ts/graph'
import {
  type Checkpoint,
  type CheckpointFiles,
  type CheckpointSource,
  type Progress,
  readCheckpoint,
} from '@resnet-ts/weights'
import type { ModelFactory, ModelOptions } from '@resnet-ts/zoo'
import { Backends, type Compiled } from './backends/backends.js'
import { LastingSession } from './backends/lastingSession.js'
import { usualBackends } from './backends/usual.js'
import { bindParams, checkpointOf, isParams } from './binding.js'
import { type Card, type ModelConfig, readCard } from './config.js'
import { missingWeights } from './errors.js'
import { isHubName, type Origin } from './hub.js'
import { createModel, type Model } from './model.js'
import { type NamedModel, resolveName, usualLabels } from './names.js'
import { findOrigin } from './origin.js'
import type { Pretrained } from './pretrained.js'

/** What `load` takes. */
export interface LoadOptions {
  /**
   * The checkpoint: a path (in Node), a URL, a `Blob`, the file's bytes, several files by name, one that
   * `readCheckpoint` has read, or parameters at hand (from `initialise`, say). Left out, they are the embedded ones of
   * that name, or those that are published on the Hugging Face hub or by torchvision, which are fetched once and kept.
   *
   * In an ordinary checkpoint the classifier may be there though the network has none (`numClasses: 0`), and the first
   * convolution may be for three channels though `inChannels` says another number: it is then adapted as timm does.
   */
  readonly weights?: CheckpointSource | CheckpointFiles | Checkpoint | Params | undefined
  /** The checkpoint's card, in the form of timm's `config.json`: architecture, labels, preprocessing. */
  readonly config?: ModelConfig | undefined
  /** The classes' names; they go before the card's. */
  readonly labels?: readonly string[] | undefined
  /**
   * How photographs are prepared.
   *
   * @defaultValue the card's; or that of the published checkpoint which the name tells, by its tag
   * (`resnet50.a1_in1k`) or, where the weights are fetched too, as its default (`resnet50`); or else the
   * architecture's. So `load('resnet50', { weights })` prepares as the architecture does, and `load('resnet50')` as
   * timm's default tag of it
   */
  readonly preprocess?: Preprocess | undefined
  /**
   * False takes what fits of a checkpoint and draws the rest afresh (`initialise`), for another head say: the model's
   * `mismatches` tell which that is, and so does `describe()`. Weights of which no layer's fits are refused all the
   * same.
   *
   * @defaultValue true: every key and shape must fit
   */
  readonly strict?: boolean | undefined
  /** How the architecture is built: `{ numClasses: 37 }`; goes before the card's. */
  readonly options?: ModelOptions | undefined
  /**
   * What may compute: `[webgpu(), wasm()]`. One that is not available, cannot compute the network or fails later, by a
   * lost device say, leaves it to the next; `describe()` says why.
   *
   * @defaultValue `[wasm()]`, on all cores; for a small network `[wasm({ threads: 1 })]`
   */
  readonly backends?: readonly Backend[] | undefined
  /**
   * Which of the backends that are available computes: the `'first'`, or the `'fastest'`, which is measured on the
   * loaded network, for a fraction of a second where it computes images in less, and remembered for this machine and
   * model; `describe()` tells the times.
   *
   * @defaultValue `'first'`
   */
  readonly choose?: 'first' | 'fastest' | undefined
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

const loadOptions: OptionNames<LoadOptions> = {
  weights: true,
  config: true,
  labels: true,
  preprocess: true,
  strict: true,
  options: true,
  backends: true,
  choose: true,
  signal: true,
  fetch: true,
  onProgress: true,
  cacheDir: true,
  torchHome: true,
}

/**
 * A model by the name of an architecture or of a repository of the Hugging Face hub, as a function of the zoo, as
 * embedded weights, or as a graph of your own.
 */
export type ModelSource = string | ModelFactory | Pretrained | Graph

/** The name of the embedded weights that `load()` takes. */
const defaultModel = 'cifar_resnet20'

/**
 * Makes a network ready to use: builds it, binds its weights, folds and fuses it, and compiles it on the first backend
 * that is available, or the fastest.
 *
 * @param source - `'resnet50'` or `'resnet50.a1_in1k'`, `resnet50` of the zoo (so that a bundler loads its family alone),
 * `'microsoft/resnet-50'` or `'hf:owner/name@revision'` of the hub, a `Pretrained`, or a graph of your own; the embedded
 * CIFAR-10 network if left out
 * @throws {UnknownModelError} when no model has that name
 * @throws {MissingWeightsError} when no weights of that model are here or published, or the network is not to be used
 * @throws {HubError} when the hub does not give them
 * @throws {CheckpointError} when the checkpoint cannot be read
 * @throws {BindingError} when it belongs to another network, naming every key at fault
 * @throws {OptionError} when the card or an option is malformed, an option is unknown, or a name has a tag that is not
 * published
 * @throws {BackendError} when no backend is available, or none can compute the network
 * @throws {ShapeError} when the fastest is asked for, and the network does not take an image as it is prepared
 */
export async function load(source: ModelSource = defaultModel, options: LoadOptions = {}): Promise<Model> {
  requireSource(source)
  checkLoadOptions(options)
  const { signal, fetch } = options
  signal?.throwIfAborted()
  // A card that is malformed is told of before anything is fetched.
  const given = options.config && readCard(options.config)
  const origin = options.weights === undefined && !isGraph(source) ? await findOrigin(source, options) : undefined
  const card = given ?? origin?.card ?? readCard({})
  const plan = await planOf(sourceOf(source, origin), card, options)
  const usual = options.backends ? undefined : usualBackends(plan.graph, plan.preprocess)
  const backends = await Backends.of(options.backends ?? usual!.backends, usual?.notes)
  signal?.throwIfAborted()
  if (options.choose !== 'fastest') backends.begin([backends.current])
  try {
    const compileFirst = options.choose === 'fastest' ? await compileFastest(backends, plan, signal) : undefined
    const checkpoint = await readWeights(plan, origin, options)
    const bound = bindParams(plan.graph, checkpoint, { strict: options.strict ?? true, leftOut: plan.leftOut })
    signal?.throwIfAborted()
    const compile = async (graph: Graph, on = (network: Network) => backends.compile(network)) => {
      const network = optimise({ graph, params: bound.params })
      return new LastingSession(backends, network, await on(network))
    }
    return createModel({
      ...plan,
      bound,
      session: await compile(plan.graph, compileFirst),
      compile: async (outputs) => compile(selectOutputs(plan.graph, outputs)),
      fetch,
    })
  } finally {
    await backends.endBeginnings()
  }
}

/** What compiles on the fastest backend; its code is brought in only where it is asked for. */
async function compileFastest(
  backends: Backends,
  { graph, preprocess: { size } }: Plan,
  signal: AbortSignal | undefined,
): Promise<(network: Network) => Promise<Compiled>> {
  const { chooseFastest } = await import('./backends/fastest.js')
  return chooseFastest(backends, { graph, size, signal })
}

/** A network before it has weights. */
interface Plan {
  readonly name: string
  readonly graph: Graph
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess
  /** Keys of the classifier, if the graph was built without. */
  readonly leftOut: readonly string[]
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
  const built = { ...(numClasses && { numClasses }), ...card.options, ...options.options }
  const graph = factory(built)
  checkLabels(graph, labels)
  return {
    name: factory.modelName,
    graph,
    leftOut: classifierKeys(graph, factory, built),
    labels: labels ?? (await usualLabels(classesOf(graph))),
    preprocess: options.preprocess ?? card.preprocess ?? checkpoint?.preprocess ?? factory.preprocess,
  }
}

function planOfGraph(graph: Graph, card: Card, options: LoadOptions): Plan {
  if (options.options !== undefined) {
    throw new OptionError({
      subject: `graph '${graph.name}'`,
      expected: "no 'options': it is built already",
      found: describeValue(Object.keys(options.options)),
    })
  }
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
  return { name: graph.name, graph, labels, preprocess, leftOut: [] }
}

async function findFactory(source: string | ModelFactory | Pretrained, card: Card): Promise<NamedModel> {
  if (typeof source === 'function') return { factory: source, checkpoint: undefined }
  const name = typeof source === 'string' ? source : card.architecture
  if (name === undefined) {
    throw new OptionError({ subject: 'model config', expected: "the field 'architecture'", found: 'nothing' })
  }
  return resolveName(name)
}

/** The keys that a network without a classifier would have if it had one. */
function classifierKeys(graph: Graph, factory: ModelFactory, built: ModelOptions): readonly string[] {
  if (classesOf(graph) !== undefined) return []
  const own = new Set(parameters(graph).map(({ key }) => key))
  const whole = parameters(factory({ ...built, numClasses: 1, includeTop: true, globalPool: 'avg' }))
  return whole.map(({ key }) => key).filter((key) => !own.has(key))
}

async function readWeights(
  { name }: Plan,
  origin: Origin | undefined,
  { weights, signal, fetch, cacheDir, onProgress }: LoadOptions,
): Promise<Checkpoint> {
  if (isParams(weights)) return checkpointOf(weights)
  if (isCheckpoint(weights)) return weights
  if (weights !== undefined) {
    const source = weights as Exclude<typeof weights, Params | Checkpoint>
    return readCheckpoint(source, { signal, fetch, cacheDir, onProgress })
  }
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
  if (typeof source === 'string' || (typeof source === 'function' && 'modelName' in source)) return
  if (typeof source === 'object' && source !== null && !Array.isArray(source)) return
  throw new OptionError({
    subject: 'the model',
    expected: 'a name, a function of the zoo, embedded weights or a graph',
    found: describeValue(source),
  })
}

function checkLoadOptions(options: LoadOptions): void {
  refuseUnknownOptions('load', options, loadOptions)
  const require = (name: keyof LoadOptions, holds: (value: unknown) => boolean, expected: string) => {
    const value = options[name]
    if (value === undefined || holds(value)) return
    throw new OptionError({ subject: `option '${name}' of load`, expected, found: describeValue(value) })
  }
  const isNames = (value: unknown) => Array.isArray(value) && value.every((name) => typeof name === 'string')
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  require('options', isRecord, 'an object of options of the architecture')
  require('labels', isNames, 'a list of names')
  require('backends', Array.isArray, 'a list of backends')
  require('choose', (value) => value === 'first' || value === 'fastest', "'first' or 'fastest'")
  require('strict', (value) => typeof value === 'boolean', 'true or false')
}

function isGraph(source: ModelSource): source is Graph {
  return typeof source === 'object' && 'nodes' in source && Array.isArray(source.nodes) && inputsOf(source).length > 0
}

function isCheckpoint(weights: LoadOptions['weights']): weights is Checkpoint {
  return typeof weights === 'object' && weights !== null && 'tensors' in weights
}
