import { OptionError } from '@resnet-ts/graph'
import {
  type Checkpoint,
  type FetchedFile,
  fetchHubFile,
  fetchHubModel,
  fetchTorchFile,
  HubError,
  type HubModel,
  type HubOptions,
  parseHubName,
  readCheckpoint,
  translate,
} from '@resnet-ts/weights'
import type { PretrainedCheckpoint } from '@resnet-ts/zoo/pretrained'
import { type Card, readCard } from './config.js'
import { MissingWeightsError } from './errors.js'
import { isTransformersConfig, labelsOfTransformers, preprocessOfTransformers } from './transformers.js'

/** Weights with what describes them, wherever they come from. */
export interface Origin {
  readonly card: Card
  /** Brings the files that hold them; none where they come with a package. */
  files(): Promise<readonly FetchedFile[]>
  read(): Promise<Checkpoint>
}

const emptyCard: Card = { architecture: undefined, options: {}, labels: undefined, preprocess: undefined }

/** Whether a name is that of a repository: `timm/resnet50.a1_in1k`, `hf:owner/name@revision`. */
export function isHubName(name: string): boolean {
  return name.startsWith('hf:') || parseHubName(name) !== undefined
}

/**
 * A model of the hub by the name of its repository. What it is, its card says; where that does not, its keys and
 * shapes do.
 *
 * @throws {HubError} when it cannot be had
 * @throws {UnknownModelError} when its card names no model of the zoo: before the weights are fetched
 * @throws {OptionError} when its card is malformed, or its weights are of no model of the zoo
 */
export async function originInHub(name: string, options: HubOptions): Promise<Origin> {
  const { timmCheckpoints } = await import('@resnet-ts/zoo/pretrained')
  const published = timmCheckpoints.find(({ hub }) => hub === parseHubName(name)?.repo)
  if (!published) await requireKnown(name, options)
  const model = await orMissing(name, () => fetchHubModel(name, options))
  const files = async () => model.weights
  const read = remember(() => readCheckpoint(model, options))
  const card = cardOf(model, published)
  if (card.architecture !== undefined) return { card, files, read }
  return { card: await recognised(card, await read(), name), files, read }
}

/** A published checkpoint of the zoo's table: on the hub, or, for torchvision's, at its own address. */
export async function originOfPublished(published: PretrainedCheckpoint, options: HubOptions): Promise<Origin> {
  if (published.hub !== undefined) return originInHub(published.hub, options)
  const { architecture, tag, url } = published
  const fetchFile = remember(() => orMissing(`${architecture}.${tag}`, () => fetchTorchFile(url!, options)))
  return {
    card: cardOfPublished(published),
    files: async () => [await fetchFile()],
    read: async () => readCheckpoint(await fetchFile(), options),
  }
}

/** That nobody waits for the weights of a network that is not here. */
async function requireKnown(name: string, options: HubOptions): Promise<void> {
  const config = await fetchHubFile(name, 'config.json', options)
    .then((file) => file.bytes())
    .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown)
    .catch((error: unknown) => {
      options.signal?.throwIfAborted()
      if (error instanceof SyntaxError) return undefined
      if (error instanceof HubError && (error.kind === 'offline' || error.code === 'EntryNotFound')) return undefined
      throw error
    })
  if (config === undefined || isTransformersConfig(config)) return
  const { architecture } = readCard(config)
  if (architecture !== undefined) (await import('@resnet-ts/zoo/catalog')).findModel(architecture)
}

async function orMissing<T>(name: string, fetch: () => Promise<T>): Promise<T> {
  try {
    return await fetch()
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'offline') throw error
    throw new MissingWeightsError({
      subject: `model '${name}'`,
      expected: 'weights in the cache',
      found: 'none, and the network is not to be used',
      advice: 'load it once without HF_HUB_OFFLINE, or give a checkpoint of it: { weights }',
      cause: error,
    })
  }
}

function cardOf({ config, preprocessor }: HubModel, published: PretrainedCheckpoint | undefined): Card {
  const table = published ? cardOfPublished(published) : emptyCard
  if (config === undefined) return table
  if (!isTransformersConfig(config)) {
    const card = readCard(config)
    const { architecture = table.architecture, preprocess = table.preprocess } = card
    return { ...card, architecture, preprocess }
  }
  if (config.downsample_in_bottleneck === true) {
    throw new OptionError({
      subject: "the hub's configuration, field 'downsample_in_bottleneck'",
      expected: 'false: a stride in the 3×3 convolution',
      found: 'true',
    })
  }
  return { ...table, labels: labelsOfTransformers(config), preprocess: preprocessOfTransformers(preprocessor) }
}

function cardOfPublished({ architecture, numClasses, preprocess }: PretrainedCheckpoint): Card {
  return { architecture, options: { numClasses }, labels: undefined, preprocess }
}

async function recognised(card: Card, checkpoint: Checkpoint, name: string): Promise<Card> {
  const { recognise } = await import('@resnet-ts/zoo/recognise')
  const { tensors } = translate(checkpoint)
  const found = recognise(new Map([...tensors].map(([key, { shape }]) => [key, shape])))
  if (found) return { ...card, architecture: found.name, options: { ...found.options, ...card.options } }
  throw new OptionError({
    subject: `model '${name}'`,
    expected: 'the keys and shapes of a network of the zoo',
    found: `${tensors.size} tensors of another`,
    advice: 'build its graph and give it this checkpoint: { weights }',
  })
}

function remember<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
