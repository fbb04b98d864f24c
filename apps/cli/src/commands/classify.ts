import type { Model, Prediction, Timings } from 'resnet-ts'
import type { Context } from '../context.js'
import { describeModel, loadModel } from '../loadModel.js'
import type { ModelArguments } from '../options.js'
import { bar } from '../output/bar.js'
import { describeError } from '../output/report.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { percent, rounded } from '../output/units.js'

export interface ClassifyArguments extends ModelArguments {
  readonly top: number
  readonly json?: boolean
}

/** What became of an image. */
interface Result {
  readonly image: string
  /** Likeliest first; none when the image could not be classified. */
  readonly predictions: readonly Prediction[]
  /** In milliseconds; null when the image could not be classified. */
  readonly timings: Timings | null
  readonly error?: string
}

/** `resnet classify <image...>` */
export async function classify(images: readonly string[], options: ClassifyArguments, context: Context): Promise<void> {
  const loaded = await loadModel(options, context)
  const { model } = loaded
  try {
    const results: Result[] = []
    // One after another, so that the timings of each are its own.
    for (const image of images) {
      const result = await classifyOne(model, image, options.top, context)
      results.push(result)
      if (!options.json && !result.error) printResult(result, images.length > 1, context)
    }
    if (options.json) {
      const timings = { load: rounded(loaded.milliseconds) }
      const document = { model: model.name, backend: model.describe(), timings, results }
      context.print(JSON.stringify(document, undefined, 2))
    }
    context.note(describeModel(loaded))
  } finally {
    await model.dispose()
  }
}

async function classifyOne(model: Model, image: string, topK: number, context: Context): Promise<Result> {
  const { signal } = context
  let timings: Timings | null = null
  const onTimings = ({ decode, preprocess, inference }: Timings) => {
    timings = { decode: rounded(decode), preprocess: rounded(preprocess), inference: rounded(inference) }
  }
  try {
    const predictions = await model.classify(image, { topK, signal, onTimings })
    return { image, predictions, timings }
  } catch (error) {
    signal.throwIfAborted()
    context.fail(error)
    return { image, predictions: [], timings: null, error: describeError(error) }
  }
}

function printResult({ image, predictions }: Result, headed: boolean, { print, colours, terminal }: Context): void {
  const lines = table(
    predictions.map(({ label, probability }) => [printable(label), percent(probability)]),
    ['left', 'right'],
  ).map((line, index) => {
    const drawn = terminal ? `  ${colours.cyan(bar(predictions[index]!.probability, 24))}`.trimEnd() : ''
    return (headed ? '  ' : '') + (index === 0 ? colours.bold(line) : line) + drawn
  })
  print([...(headed ? [printable(image)] : []), ...lines].join('\n'))
}
