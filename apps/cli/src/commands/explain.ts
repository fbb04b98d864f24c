import { OptionError } from '@resnet-ts/graph'
import { encodePng, type HeatMap } from '@resnet-ts/vision'
import type { Explanation, Model } from 'resnet-ts'
import type { Context } from '../context.js'
import { shortest } from '../embeddings/floats.js'
import { describeModel, loadModel } from '../loadModel.js'
import type { ModelArguments } from '../options.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { percent } from '../output/units.js'
import { checkWritable, writeWhole } from '../writeWhole.js'

export interface ExplainArguments extends ModelArguments {
  readonly out: string
  readonly class?: string
  readonly opacity?: number
  readonly json?: boolean
}

/** `resnet explain <image>` */
export async function explain(image: string, options: ExplainArguments, context: Context): Promise<void> {
  const { out, opacity } = options
  const { signal } = context
  await checkWritable(out)
  const loaded = await loadModel(options, context)
  const { model } = loaded
  try {
    const classIndex = options.class === undefined ? undefined : findClass(options.class, model)
    const explanation = await model.explain(image, classIndex, { signal })
    await writeWhole(out, await encodePng(explanation.overlay({ opacity })), { signal })
    if (options.json) context.print(JSON.stringify(documentOf(explanation, image, out), undefined, 2))
    else printExplanation(explanation, out, context)
    context.note(describeModel(loaded))
  } finally {
    await model.dispose()
  }
}

/**
 * The class that an argument means: by its index, or its label as it is or in other capitals.
 *
 * @throws {OptionError} when there is no such label, or more than one
 */
export function findClass(wanted: string, { name, labels }: Pick<Model, 'name' | 'labels'>): number {
  if (/^\d+$/.test(wanted)) return Number(wanted)
  const subject = `option 'class'`
  if (!labels) {
    const advice = 'give its index, or --config FILE with label_names'
    throw new OptionError({ subject, expected: `an index, since ${name} has no labels`, found: `'${wanted}'`, advice })
  }
  const same = indicesWhere(labels, (label) => label === wanted)
  const lower = wanted.toLowerCase()
  const found = same.length > 0 ? same : indicesWhere(labels, (label) => label.toLowerCase() === lower)
  const [index] = found
  if (index !== undefined && found.length === 1) return index
  const alike = labels.filter((label) => label.toLowerCase().includes(lower)).slice(0, 5)
  const advice =
    found.length > 1
      ? `give one of the indices ${found.join(', ')}`
      : alike.length > 0
        ? `those with it in their name are ${alike.join(', ')}`
        : `labels are such as ${labels.slice(0, 5).join(', ')}`
  const count = found.length > 1 ? `${found.length} of that name` : `'${wanted}', which is none of them`
  throw new OptionError({ subject, expected: `one of the ${labels.length} labels of ${name}`, found: count, advice })
}

function indicesWhere(labels: readonly string[], holds: (label: string) => boolean): number[] {
  return labels.flatMap((label, index) => (holds(label) ? [index] : []))
}

function documentOf({ label, index, probability, logit, map }: Explanation, image: string, out: string) {
  return {
    image,
    class: { label, index, probability, logit: shortest(logit) },
    map: { width: map.width, height: map.height, values: Array.from(map.values, shortest) },
    out,
  }
}

function printExplanation(explanation: Explanation, out: string, { print, colours }: Context): void {
  const { label, index, probability, logit, map } = explanation
  const [first, ...lines] = table(
    [
      ['class', `${printable(label)} (${index})`],
      ['probability', percent(probability)],
      ['logit', logit.toFixed(3)],
      ['peak', describePeak(map)],
      ['overlay', printable(out)],
    ],
    ['left', 'left'],
  )
  print([colours.bold(first), ...lines].join('\n'))
}

/** Where a map is greatest: the cell's place, counted from 1, and where it lies in what the network sees. */
function describePeak({ width, height, values }: HeatMap): string {
  const peak = values.reduce((best, value, place) => (value > values[best]! ? place : best), 0)
  if (!(values[peak]! > 0)) return 'none: no place speaks for this class'
  const [column, row] = [peak % width, Math.floor(peak / width)]
  return `row ${row + 1}, column ${column + 1} of ${height} × ${width}`
}
