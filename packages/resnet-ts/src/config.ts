import { OptionError, type Preprocess, preprocessFromTimm, type TimmPretrainedConfig } from '@resnet-ts/graph'
import type { ModelOptions } from '@resnet-ts/zoo'

/** The card of a checkpoint, in the form of timm's `config.json` on the Hugging Face hub. */
export interface ModelConfig {
  /** A name of the zoo: `resnet50`. */
  readonly architecture?: string
  /** The length of the logits. */
  readonly num_classes?: number
  /** The classes' names, in the order of the logits. */
  readonly label_names?: readonly string[]
  /** How a photograph is prepared, in timm's terms. */
  readonly pretrained_cfg?: TimmPretrainedConfig
  /** What else the architecture was built with: `{ shortcut: 'B' }`. */
  readonly model_args?: Readonly<Record<string, unknown>>
}

/** A card as the loader reads it. What the card leaves out is undefined. */
export interface Card {
  readonly architecture: string | undefined
  readonly options: ModelOptions
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess | undefined
}

/** timm's names of our options. */
const argumentNames: Readonly<Record<string, keyof ModelOptions>> = {
  num_classes: 'numClasses',
  in_chans: 'inChannels',
  output_stride: 'outputStride',
  global_pool: 'globalPool',
  drop_rate: 'dropRate',
  drop_path_rate: 'dropPathRate',
  shortcut: 'shortcut',
}

/**
 * Reads a card. Fields it does not know are left alone: real ones have many. A field that is null counts as left out.
 *
 * @throws {OptionError} naming the first field that is malformed, or an argument the zoo cannot follow
 */
export function readCard(config: unknown): Card {
  if (!isRecord(config)) throw malformed('itself', 'a JSON object', config)
  const present = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null))
  const { architecture, num_classes: numClasses, label_names: labels, pretrained_cfg: pretrained, model_args } = present
  if (architecture !== undefined && typeof architecture !== 'string') {
    throw malformed('architecture', 'a name', architecture)
  }
  if (numClasses !== undefined && !(Number.isInteger(numClasses) && (numClasses as number) >= 0)) {
    throw malformed('num_classes', 'a whole number', numClasses)
  }
  if (pretrained !== undefined && !isRecord(pretrained)) throw malformed('pretrained_cfg', 'an object', pretrained)
  return {
    architecture,
    options: { ...readArguments(model_args), ...(numClasses !== undefined && { numClasses: numClasses as number }) },
    labels: readLabels(labels, numClasses as number | undefined),
    preprocess: pretrained && preprocessFromTimm(pretrained),
  }
}

function readLabels(labels: unknown, numClasses: number | undefined): readonly string[] | undefined {
  if (labels === undefined) return undefined
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) {
    throw malformed('label_names', 'a list of names', labels)
  }
  if (numClasses !== undefined && labels.length !== numClasses) {
    throw malformed('label_names', `${numClasses} names, one a class`, `${labels.length} names`)
  }
  return labels
}

function readArguments(args: unknown): ModelOptions {
  if (args === undefined) return {}
  if (!isRecord(args)) throw malformed('model_args', 'an object', args)
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const option = Object.hasOwn(argumentNames, name) ? argumentNames[name] : undefined
      if (!option) throw malformed('model_args', `arguments among ${Object.keys(argumentNames).join(', ')}`, name)
      return [option, option === 'globalPool' && value === '' ? 'none' : value]
    }),
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(field: string, expected: string, found: unknown): OptionError {
  const text = typeof found === 'string' ? found : String(JSON.stringify(found))
  return new OptionError({
    subject: `model config, field '${field}'`,
    expected,
    found: text.length > 80 ? `${text.slice(0, 80)}…` : text,
  })
}
