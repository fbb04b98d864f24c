import { OptionError, onlyInput, summarise } from '@resnet-ts/graph'
import { findModel, type ModelFactory, models, UnknownModelError } from '@resnet-ts/zoo'
import { timmCheckpoints, torchvisionCheckpoints } from '@resnet-ts/zoo/pretrained'
import { embeddedWeights } from 'resnet-ts'
import type { Context } from '../context.js'
import { table } from '../output/table.js'
import { compact } from '../output/units.js'

export interface ModelsArguments {
  readonly json?: boolean
}

/** What is told of a model. */
export interface ModelEntry {
  readonly name: string
  /** Trainable ones. */
  readonly parameters: number
  /** Multiply-accumulates for one image of the input size. */
  readonly macs: number
  /** Height and width of the image, in pixels. */
  readonly inputSize: number
  /** Tags of its checkpoints: `a1_in1k` of `resnet50.a1_in1k`. The embedded ones come first, then timm's. */
  readonly pretrained: readonly string[]
  /** Those of them that are embedded, which need no `--weights`. */
  readonly embedded: readonly string[]
}

/** How wide the column of the tags becomes, so that a line fits into 100. */
const tagsWidth = 46

/** `resnet models [FILTER]` */
export async function listModels(
  filter: string | undefined,
  { json }: ModelsArguments,
  context: Context,
): Promise<void> {
  const found = [...models.values()].filter((factory) => filter === undefined || matches(factory, filter))
  if (filter !== undefined && found.length === 0) throw nothingFound(filter)
  const entries = found.map(describe)
  if (json) context.print(JSON.stringify(entries, undefined, 2))
  else printTable(entries, context)
}

function printTable(entries: readonly ModelEntry[], { print, colours }: Context): void {
  const [heading, ...lines] = table(
    [
      ['name', 'parameters', 'MACs', 'input', 'pretrained'],
      ...entries.flatMap((entry) => {
        const { name, parameters, macs, inputSize } = entry
        const [first = '', ...rest] = wrap(markedTags(entry), tagsWidth)
        return [
          [name, compact(parameters), compact(macs), `${inputSize} × ${inputSize}`, first],
          ...rest.map((line) => ['', '', '', '', line]),
        ]
      }),
    ],
    ['left', 'right', 'right', 'right', 'left'],
  )
  print([colours.bold(heading), ...lines].join('\n'))
}

function markedTags({ pretrained, embedded }: ModelEntry): string[] {
  return pretrained.map((tag) => (embedded.includes(tag) ? `${tag} (embedded)` : tag))
}

/** Words, with commas between them, as lines of some width. */
function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length + 3 <= width) lines[lines.length - 1] = `${last}, ${word}`
    else {
      if (last !== undefined) lines[lines.length - 1] = `${last},`
      lines.push(word)
    }
  }
  return lines
}

function describe(factory: ModelFactory): ModelEntry {
  const graph = factory()
  const [height, width] = factory.preprocess.size
  const { parameters, macs } = summarise(graph, { [onlyInput(graph)]: [1, height, width, 3] }).cost
  const name = factory.modelName
  return { name, parameters, macs, inputSize: height, pretrained: tagsOf(factory), embedded: embeddedTags(name) }
}

function tagsOf({ modelName }: ModelFactory): string[] {
  return [...embeddedTags(modelName), ...tagsIn([...timmCheckpoints, ...torchvisionCheckpoints], modelName)]
}

function embeddedTags(name: string): string[] {
  return tagsIn(embeddedWeights, name)
}

function tagsIn(list: readonly { readonly architecture: string; readonly tag: string }[], name: string): string[] {
  return list.filter(({ architecture }) => architecture === name).map(({ tag }) => tag)
}

/** Whether a model's name, or that with a tag, has the filter as a part, or with `*` as the whole. */
function matches(factory: ModelFactory, filter: string): boolean {
  const wanted = filter.toLowerCase()
  const parts = wanted.split('*').map((part) => part.replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`))
  const glob = parts.length > 1 ? new RegExp(`^${parts.join('.*')}$`, 'u') : undefined
  const names = [factory.modelName, ...tagsOf(factory).map((tag) => `${factory.modelName}.${tag}`)]
  return names.some((name) => (glob ? glob.test(name.toLowerCase()) : name.toLowerCase().includes(wanted)))
}

function nothingFound(filter: string): OptionError {
  return new OptionError({
    subject: `filter '${filter}'`,
    expected: filter.includes('*') ? 'a pattern of models' : "a part of a model's name",
    found: 'no model that it fits',
    advice: nearestTo(filter.replaceAll('*', '')),
  })
}

/** The catalogue's own advice for a name that it does not know. */
function nearestTo(name: string): string | undefined {
  try {
    findModel(name)
  } catch (error) {
    if (error instanceof UnknownModelError) return error.details.advice
    throw error
  }
  return undefined
}
