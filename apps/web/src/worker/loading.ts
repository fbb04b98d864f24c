import { type Backend, cost, inferShapes, inputsOf, OptionError, onlyInput, type Preprocess } from '@resnet-ts/graph'
import { residuals } from '@resnet-ts/graph/diagram'
import type { ModelFactory, ModelOptions } from '@resnet-ts/zoo'
import { type LoadOptions, load, type Model, type ModelConfig, type ModelSource, resolveName } from 'resnet-ts'
import type { BlockInfo, LoadRequest, LoadStep, ModelInfo, ModelOrigin } from './api.js'
import { openBackend } from './backends.js'
import { readLabels } from './labels.js'

/** A model, and what there is to say of it. */
export interface Loaded {
  readonly model: Model
  readonly info: ModelInfo
}

interface Call {
  readonly signal: AbortSignal
  progress(step: LoadStep): void
}

/** What `load` is called with, before a backend is chosen. */
interface Source {
  readonly name: ModelSource
  readonly title: string
  readonly options: LoadOptions
  readonly alternatives: readonly string[]
  /** How the network is built beyond its architecture's own way, as far as the checkpoint tells. */
  readonly special: ModelOptions
  /** Where it is known. */
  readonly imageSize: number | undefined
}

/** @throws {ResnetError} for all that `load` refuses, and weights of which nothing tells the model */
export async function loadModel(request: LoadRequest, call: Call): Promise<Loaded> {
  const { origin } = request
  call.progress({ kind: 'reading' })
  const labels = request.labels && (await readLabels(request.labels))
  const source = await sourceOf(origin)
  const backend = await openBackend(request, { profile: request.profile, imageSize: source.imageSize })
  const model = await load(source.name, {
    ...source.options,
    labels,
    backends: [announced(backend, call)],
    signal: call.signal,
    onProgress: (progress) => call.progress({ kind: 'fetching', ...progress }),
  })
  return { model, info: describe(model, source, request) }
}

/** A backend that says when its work begins: the weights are there then. */
function announced(backend: Backend, { progress }: Call): Backend {
  return {
    name: backend.name,
    fusedForms: backend.fusedForms,
    isAvailable: () => backend.isAvailable(),
    compile(graph, params) {
      progress({ kind: 'preparing' })
      return backend.compile(graph, params)
    },
  }
}

async function sourceOf(origin: ModelOrigin): Promise<Source> {
  switch (origin.kind) {
    case 'embedded': {
      const { cifar10Resnet20 } = await import('@resnet-ts/pretrained-cifar10-resnet20')
      return {
        ...bare,
        name: cifar10Resnet20,
        title: 'cifar_resnet20.cifar10',
        imageSize: sizeOfCard(cifar10Resnet20.config),
      }
    }
    case 'hub':
      return { ...bare, name: origin.name, title: origin.name, imageSize: sizeOf(await publishedOnHub(origin.name)) }
    case 'drawn': {
      const { findModel } = await import('@resnet-ts/zoo/catalog')
      const { initialise } = await import('@resnet-ts/zoo')
      const factory = findModel(origin.architecture)
      const weights = initialise(factory(), { seed: 1 })
      return { ...bare, name: factory, title: origin.architecture, options: { weights }, imageSize: sizeOf(factory) }
    }
    case 'file':
      return sourceOfFiles(origin.files, origin.architecture)
    default:
      return origin satisfies never
  }
}

const bare = { options: {}, alternatives: [], special: {} }

/**
 * What is published by a name; nothing is known of a repository before it is asked.
 *
 * @throws {OptionError} when it is on torchvision's own server, which gives nothing to pages of others; timm publishes the
 * same weights on the hub
 */
async function publishedOnHub(name: string): Promise<Prepared | undefined> {
  if (name.includes('/')) return undefined
  const { factory, checkpoint } = await resolveName(name)
  if (checkpoint?.source !== 'torchvision') return checkpoint ?? factory
  throw new OptionError({
    subject: `model '${name}'`,
    expected: 'weights on the Hugging Face hub',
    found: "weights on torchvision's own server, which this page may not ask",
    advice: 'take the tags tv_in1k or tv2_in1k of the same architecture, which are the same weights',
  })
}

interface Prepared {
  readonly preprocess: Preprocess
}

/** The greater side of the images that a network will most often see. */
function sizeOf(prepared: Prepared | undefined): number | undefined {
  return prepared && Math.max(...prepared.preprocess.size)
}

function sizeOfCard({ pretrained_cfg }: ModelConfig): number | undefined {
  const [, ...size] = pretrained_cfg?.input_size ?? []
  return size.length > 0 ? Math.max(...size) : undefined
}

async function sourceOfFiles(files: readonly File[], architecture: string | undefined): Promise<Source> {
  const { readCheckpoint, translate } = await import('@resnet-ts/weights')
  const { recognise } = await import('@resnet-ts/zoo/recognise')
  const card = files.find(({ name }) => name === 'config.json')
  const parts = files.filter((file) => file !== card)
  const [first] = parts
  if (!first) throw new OptionError({ subject: 'the files', expected: 'a checkpoint', found: 'none' })
  const config = card && (await readCard(card))
  const weights = await readCheckpoint(parts.length === 1 ? first : parts)
  const shapes = new Map([...translate(weights).tensors].map(([key, { shape }]) => [key, shape]))
  const recognised = recognise(shapes)
  const name = architecture ?? config?.architecture ?? weights.metadata.architecture ?? recognised?.name
  if (name === undefined) {
    throw new OptionError({
      subject: `'${first.name}'`,
      expected: 'the weights of a network of the zoo',
      found: `${weights.tensors.size} tensors in which none was recognised`,
      advice: 'choose its architecture',
    })
  }
  const fits = recognised && [recognised.name, ...recognised.alternatives].includes(name.split('.')[0]!)
  // What a card can say of how the network is built is the card's to say.
  const options = fits && !config ? recognised.options : undefined
  const alternatives = fits ? [recognised.name, ...recognised.alternatives].filter((other) => other !== name) : []
  const { factory } = await resolveName(name)
  return {
    name,
    title: first.name,
    options: { weights, config, options },
    alternatives,
    special: options ? beyond(factory, options) : {},
    imageSize: (config && sizeOfCard(config)) ?? sizeOf(factory),
  }
}

/** The options without which a network would be another. */
function beyond(factory: ModelFactory, { numClasses, inChannels, shortcut }: ModelOptions): ModelOptions {
  const graph = factory()
  const [input] = inputsOf(graph)
  const logits = graph.nodes.find(({ name }) => name === graph.outputs.logits)
  return {
    ...(numClasses !== logits?.type.channels && { numClasses }),
    ...(inChannels !== input?.attributes.channels && { inChannels }),
    ...(shortcut !== undefined && { shortcut }),
  }
}

async function readCard(file: File): Promise<ModelConfig> {
  const subject = `the card '${file.name}'`
  const value: unknown = await file
    .text()
    .then(JSON.parse)
    .catch((cause: Error) => {
      throw new OptionError({ subject, expected: 'JSON', found: `text that is none (${cause.message})`, cause })
    })
  if (typeof value === 'object' && value !== null) return value
  throw new OptionError({ subject, expected: 'a JSON object', found: 'other JSON' })
}

function describe(
  model: Model,
  source: Source,
  { origin, backend, threads, labels: labelsFile }: LoadRequest,
): ModelInfo {
  const { graph, preprocess, labels } = model
  const shapes = inferShapes(graph, { [onlyInput(graph)]: [1, ...preprocess.size, 3] })
  const { total } = cost(graph, shapes)
  const { device, notes, memoryBytes } = model.describe()
  const logits = graph.outputs.logits
  return {
    architecture: model.name,
    title: source.title,
    origin,
    classes: (logits !== undefined && shapes.get(logits)?.at(-1)) || 0,
    named: labels !== undefined,
    preprocess,
    parameters: total.parameters,
    macs: total.macs,
    backend,
    threads,
    device,
    notes,
    memoryBytes,
    options: source.special,
    labels: labelsFile?.name,
    alternatives: source.alternatives,
    blocks: blocksOf(model),
  }
}

function blocksOf({ graph }: Model): readonly BlockInfo[] {
  return residuals(graph).map(({ block, kind, line }) => ({
    name: block,
    stage: block.slice(0, block.lastIndexOf('.')),
    kind,
    dashed: line === 'dashed',
  }))
}
