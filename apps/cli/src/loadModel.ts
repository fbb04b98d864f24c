import { readFile } from 'node:fs/promises'
import { type Backend, OptionError } from '@resnet-ts/graph'
import { type Checkpoint, readCheckpoint } from '@resnet-ts/weights'
import type { ModelOptions, Recognised } from '@resnet-ts/zoo'
import { load, type Model, type ModelConfig } from 'resnet-ts'
import { backendNamed } from './backends.js'
import { identify } from './identify.js'
import type { BackendName, ModelArguments } from './options.js'
import { duration } from './output/units.js'

/** A model, and how long it took to load, in milliseconds. */
export interface LoadedModel {
  readonly model: Model
  readonly milliseconds: number
}

/**
 * The network that the options of the command line ask for; the embedded one, if they name none.
 *
 * @param fetch - reads URLs instead of the platform's own
 * @throws {ResnetError} for all that `load` refuses, a card that is no JSON, and weights of which nothing tells the model
 */
export async function loadModel(
  options: ModelArguments,
  signal: AbortSignal,
  fetch?: typeof globalThis.fetch,
): Promise<LoadedModel> {
  const start = performance.now()
  const config = options.config === undefined ? undefined : await readConfig(options.config, signal)
  const weights = options.weights && (await readCheckpoint(options.weights, { signal, fetch }))
  const recognised = weights ? identify(weights).recognised : undefined
  const name =
    options.model ?? config?.architecture ?? (weights && architectureOf(weights, recognised, options.weights))
  const model = await load(name, {
    weights,
    config,
    options: recognised && recognised.name === name ? optionsOf(recognised, config) : undefined,
    backends: backendsOf(options.backend),
    signal,
    fetch,
  })
  return { model, milliseconds: performance.now() - start }
}

/** What computes, for people: `cifar_resnet20 on WebAssembly SIMD, 1 thread (…), loaded in 310 ms`. */
export function describeModel({ model, milliseconds }: LoadedModel): string {
  const { device, notes } = model.describe()
  return [`${model.name} on ${device}, loaded in ${duration(milliseconds)}`, ...notes].join('\n')
}

function backendsOf(name: BackendName): readonly Backend[] | undefined {
  return name === 'auto' ? undefined : [backendNamed(name)]
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
export async function readConfig(path: string, signal: AbortSignal): Promise<ModelConfig> {
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
