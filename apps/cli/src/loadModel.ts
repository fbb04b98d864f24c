import { readFile } from 'node:fs/promises'
import { type Backend, OptionError } from '@resnet-ts/graph'
import { type Checkpoint, readCheckpoint } from '@resnet-ts/weights'
import type { ModelOptions, Recognised } from '@resnet-ts/zoo'
import { load, type Model, type ModelConfig } from 'resnet-ts'
import { backendNamed, mostThreads } from './backends.js'
import type { Context } from './context.js'
import { identify } from './identify.js'
import type { ModelArguments } from './options.js'
import { withDownloads } from './output/downloads.js'
import { duration } from './output/units.js'

/** A model, and how long it took to load, in milliseconds. */
export interface LoadedModel {
  readonly model: Model
  readonly milliseconds: number
}

/**
 * The checkpoint that the options name.
 *
 * @returns nothing where they name none
 * @throws {CheckpointError} when it cannot be had or read
 */
export async function readWeights(
  { weights }: Pick<ModelArguments, 'weights'>,
  context: Context,
): Promise<Checkpoint | undefined> {
  if (weights === undefined) return undefined
  return withDownloads(context, (onProgress) => readCheckpoint(weights, { signal: context.signal, onProgress }))
}

/**
 * The network that the options of the command line ask for; the embedded one, if they name none.
 *
 * @param checkpoint - what `readWeights` has read for them
 * @throws {ResnetError} for all that `load` refuses, a card that is no JSON, and weights of which nothing tells the model
 */
export async function loadModel(
  options: ModelArguments,
  context: Context,
  checkpoint?: Checkpoint,
): Promise<LoadedModel> {
  const { signal } = context
  const start = performance.now()
  const config = options.config === undefined ? undefined : await readConfig(options.config, signal)
  const weights = checkpoint ?? (await readWeights(options, context))
  const recognised = weights ? identify(weights).recognised : undefined
  const name =
    options.model ?? config?.architecture ?? (weights && architectureOf(weights, recognised, options.weights))
  const backends = await backendsOf(options)
  const model = await withDownloads(context, (onProgress) =>
    load(name, {
      weights,
      config,
      options: recognised && fits(recognised, name) ? optionsOf(recognised, config) : undefined,
      backends,
      signal,
      onProgress,
    }),
  )
  return { model, milliseconds: performance.now() - start }
}

/** What computes, for people: `cifar_resnet20 on WebAssembly SIMD, 1 thread (…), loaded in 310 ms`. */
export function describeModel({ model, milliseconds }: LoadedModel): string {
  const { device, notes } = model.describe()
  return [`${model.name} on ${device}, loaded in ${duration(milliseconds)}`, ...notes].join('\n')
}

/**
 * What computes; the library's own choice where nothing is asked for.
 *
 * @throws {OptionError} when more threads are asked for than it can have
 */
async function backendsOf({
  backend,
  threads,
}: Pick<ModelArguments, 'backend' | 'threads'>): Promise<readonly Backend[] | undefined> {
  if (backend === 'auto' && threads === undefined) return undefined
  const name = backend === 'auto' ? 'wasm' : backend
  const most = mostThreads[name]
  if (threads === undefined || threads <= most) return [await backendNamed(name, threads)]
  throw new OptionError({
    subject: '--threads',
    expected: most === 1 ? `1 with --backend ${name}` : `at most ${most} with --backend ${name}`,
    found: String(threads),
    advice: most === 1 ? 'wasm and node compute on several' : undefined,
  })
}

/** Whether a model is one of those that weights were recognised to be of. */
function fits({ name, alternatives }: Recognised, model: string | undefined): boolean {
  // A tag does not matter: weights are of an architecture.
  return model !== undefined && [name, ...alternatives].includes(model.split('.')[0]!)
}

/** How a network is built that weights were recognised to be of; what a card can say is the card's to say. */
function optionsOf({ options }: Recognised, config: ModelConfig | undefined): ModelOptions {
  if (!config) return options
  return options.shortcut === undefined || config.model_args ? {} : { shortcut: options.shortcut }
}

/**
 * Reads a checkpoint's card.
 *
 * @throws {OptionError} when there is none, or it is no JSON
 */
async function readConfig(path: string, signal: AbortSignal): Promise<ModelConfig> {
  const subject = `config '${path}'`
  const expected = 'a JSON file as timm writes for the Hugging Face hub'
  let text: string
  try {
    text = await readFile(path, { encoding: 'utf8', signal })
  } catch (cause) {
    signal.throwIfAborted()
    throw new OptionError({ subject, expected, found: describeFailure(cause), cause })
  }
  try {
    const config: unknown = JSON.parse(text)
    // The fields are for `load` to check; what is no object has none.
    if (typeof config === 'object' && config !== null) return config
  } catch (cause) {
    throw new OptionError({ subject, expected, found: `no JSON (${reasonOf(cause)})`, cause })
  }
  throw new OptionError({ subject, expected, found: 'JSON that is no object' })
}

/** What a checkpoint's own metadata says of its model, or else its tensors. */
function architectureOf(
  { metadata }: Checkpoint,
  recognised: Recognised | undefined,
  location: string | undefined,
): string {
  const name = metadata.architecture ?? recognised?.name
  if (name !== undefined) return name
  throw new OptionError({
    subject: `weights '${location}'`,
    expected: 'those of a known network',
    found: 'nothing in the file that tells which',
    advice: 'give --model NAME, or --config FILE with its architecture',
  })
}

function describeFailure(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file'
    case 'EISDIR':
      return 'a folder'
    default:
      return `one that cannot be read (${reasonOf(cause)})`
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
