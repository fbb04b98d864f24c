import { join } from 'node:path'
import { OptionError } from '@resnet-ts/graph'
import { stringify } from 'csv-stringify/sync'
import type { Model } from 'resnet-ts'
import type { Context } from '../context.js'
import { matchLabels, readDataset, type Sample } from '../dataset.js'
import { describeModel, loadModel } from '../loadModel.js'
import type { ModelArguments } from '../options.js'
import { describeLeftOut } from '../output/leftOut.js'
import { startProgress } from '../output/progress.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { exact, percent, rounded } from '../output/units.js'
import { Tally } from '../tally.js'
import { checkWritable, writeWhole } from '../writeWhole.js'

export interface EvalArguments extends ModelArguments {
  readonly top: number
  readonly predictions?: string
  readonly json?: boolean
}

/** Enough to keep the arithmetic busy: measured with TensorFlow.js, larger batches are no faster. */
const batchSize = 16

/** A line of the file of predictions: file, label, predicted, probability. */
type Row = readonly [file: string, label: string, predicted: string, probability: number]

interface Report {
  readonly tally: Tally
  readonly failed: number
  readonly rows: readonly Row[]
  readonly seconds: number
}

/** `resnet eval <folder>` */
export async function evaluateFolder(folder: string, options: EvalArguments, context: Context): Promise<void> {
  if (options.predictions !== undefined) await checkWritable(options.predictions)
  const { folders, leftOut } = await readDataset(folder)
  if (leftOut.length > 0) context.note(describeLeftOut(leftOut, 'no image by its extension, or in no class folder'))
  const loaded = await loadModel(options, context)
  const { model } = loaded
  context.note(describeModel(loaded))
  try {
    const labels = labelsOf(model)
    const samples = matchLabels(folders, labels)
    const report = await run({ model, labels, folder, samples }, Math.max(5, options.top), context)
    if (options.predictions !== undefined) await writeWhole(options.predictions, csv(report.rows))
    if (options.json) context.print(JSON.stringify(documentOf(report, options.top, model), undefined, 2))
    else printReport(report, options.top, context)
  } finally {
    await model.dispose()
  }
}

interface Task {
  readonly model: Model
  readonly labels: readonly string[]
  readonly folder: string
  readonly samples: readonly Sample[]
}

async function run({ model, labels, folder, samples }: Task, topK: number, context: Context): Promise<Report> {
  let failed = 0
  const progress = startProgress(samples.length)
  const onTimings = () => progress.advance(1)
  const onFailure = (error: unknown) => {
    failed += 1
    progress.clear()
    context.fail(error)
    progress.advance(1)
  }
  const images = samples.map(({ file }) => join(folder, file))
  const start = performance.now()
  try {
    const results = await model.classify(images, { topK, batchSize, signal: context.signal, onTimings, onFailure })
    const seconds = (performance.now() - start) / 1000
    const tally = new Tally(labels, new Set(samples.map(({ classIndex }) => classIndex)))
    const rows = results.flatMap((predictions, index): Row[] => {
      const [best] = predictions
      // One that could not be classified has no predictions.
      if (!best) return []
      const { file, classIndex } = samples[index]!
      tally.add(classIndex, predictions)
      return [[file, labels[classIndex]!, best.label, best.probability]]
    })
    return { tally, failed, rows, seconds }
  } finally {
    progress.stop()
  }
}

/** @throws {OptionError} when the model has no names for its classes */
function labelsOf({ name, labels }: Model): readonly string[] {
  if (labels) return labels
  throw new OptionError({
    subject: `model '${name}'`,
    expected: 'the names of its classes, to match the folders with',
    found: 'none',
    advice: 'give --config FILE with label_names',
  })
}

/** The ranks that accuracy is told of. */
function ranks(top: number): number[] {
  return [...new Set([1, 5, top])].sort((left, right) => left - right)
}

function documentOf({ tally, failed, seconds }: Report, top: number, model: Model) {
  return {
    model: model.name,
    backend: model.describe(),
    total: tally.total,
    correct: tally.correct(1),
    failed,
    ...Object.fromEntries(ranks(top).map((k) => [`top${k}`, tally.accuracy(k)])),
    perClass: tally.perClass,
    seconds: rounded(seconds),
    imagesPerSecond: rounded(tally.total / seconds),
  }
}

function printReport({ tally, failed, seconds }: Report, top: number, { print, colours }: Context): void {
  const { total } = tally
  const overall = ranks(top).map((k) => [`top-${k}`, percent(tally.accuracy(k)), counts(tally.correct(k), total)])
  const classes = Object.entries(tally.perClass).map(([label, { total, correct, top1 }]) => [
    printable(label),
    percent(top1),
    counts(correct, total),
  ])
  const lines = table([...overall, ['class', 'top-1', ''], ...classes], ['left', 'right', 'right'])
  const [heads, heading, rest] = [
    lines.slice(0, overall.length),
    lines[overall.length]!,
    lines.slice(overall.length + 1),
  ]
  const images = `${exact(total)} ${total === 1 ? 'image' : 'images'}${failed > 0 ? ` (${exact(failed)} more failed)` : ''}`
  print(
    [...heads, '', colours.bold(heading), ...rest, '', `${images}, ${(total / seconds).toFixed(1)} images/s`].join(
      '\n',
    ),
  )
}

function counts(part: number, whole: number): string {
  return `${exact(part)} of ${exact(whole)}`
}

function csv(rows: readonly Row[]): string {
  return stringify([['file', 'label', 'predicted', 'probability'], ...rows])
}
