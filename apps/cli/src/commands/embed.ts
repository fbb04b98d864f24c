import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { OptionError, print } from '@resnet-ts/graph'
import { ImageError } from '@resnet-ts/vision'
import type { Model } from 'resnet-ts'
import type { Context } from '../context.js'
import { dimensionOf } from '../dimension.js'
import { formatOf } from '../embeddings/formats.js'
import { type Journal, openJournal } from '../embeddings/journal.js'
import { embedImages } from '../embedImages.js'
import { findImages, type ImageFile, type Images } from '../images.js'
import { describeModel, loadModel, readWeights } from '../loadModel.js'
import type { ModelArguments } from '../options.js'
import { describeLeftOut } from '../output/leftOut.js'
import { startProgress } from '../output/progress.js'
import { printable } from '../output/text.js'
import { exact, rounded } from '../output/units.js'
import { weightsDigest } from '../weightsDigest.js'
import { checkWritable, writeWhole } from '../writeWhole.js'

export interface EmbedArguments extends ModelArguments {
  readonly out: string
  readonly batchSize: number
  readonly force?: boolean
  readonly json?: boolean
}

/** What a run came to. */
interface Report {
  /** Images that were embedded before. */
  readonly resumed: number
  /** Images that were embedded now. */
  readonly embedded: number
  readonly failed: number
  readonly seconds: number
}

/** `resnet embed <image or folder...>` */
export async function embed(inputs: readonly string[], options: EmbedArguments, context: Context): Promise<void> {
  const { out } = options
  const partial = `${out}.partial`
  await checkUnfinished(options, partial)
  await checkWritable(out)
  const images = await findImages(inputs)
  // Before the model is loaded, which may take long.
  for (const path of images.missing) context.fail(missingImage(path))
  if (images.files.length === 0) throw noneReadable()
  if (images.leftOut.length > 0) context.note(describeLeftOut(images.leftOut, 'no image by its extension'))
  const checkpoint = await readWeights(options, context)
  const loaded = await loadModel(options, context, checkpoint)
  const { model } = loaded
  context.note(describeModel(loaded))
  try {
    const dimension = dimensionOf(model)
    const journal = await openJournal(partial, {
      model: model.name,
      network: `sha256:${createHash('sha256').update(print(model.graph)).digest('hex')}`,
      weights: await weightsDigest(options.model ?? model.name, checkpoint, context.signal),
      preprocess: model.preprocess,
      dimension,
      base: images.base,
    })
    const report = await keeping({ journal, images, partial }, context, async () => {
      const report = await run({ model, journal, images }, options.batchSize, context)
      await finish({ journal, images, out, dimension }, context.signal)
      return report
    })
    if (options.json) context.print(JSON.stringify(documentOf(report, out, model), undefined, 2))
    context.note(describeReport(report, out))
  } finally {
    await model.dispose()
  }
}

/** @throws {OptionError} when the file is there already, and nothing of it is to be gone on with */
async function checkUnfinished({ out, force }: EmbedArguments, partial: string): Promise<void> {
  const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() === true
  if (force || !(await isFile(out)) || (await isFile(partial))) return
  throw new OptionError({
    subject: `file '${out}'`,
    expected: 'none of that name yet',
    found: 'one that is finished',
    advice: 'use --force to make it anew, or choose another --out',
  })
}

interface Task {
  readonly model: Model
  readonly journal: Journal
  readonly images: Images
}

async function run({ model, journal, images }: Task, batchSize: number, context: Context): Promise<Report> {
  const { files } = images
  const open = files.filter(({ name }) => !journal.has(name))
  const resumed = files.length - open.length
  if (resumed > 0) context.note(`${exact(resumed)} of ${exact(files.length)} images are done already`)
  const progress = startProgress(files.length, resumed)
  let [embedded, failed] = [0, images.missing.length]
  const onFailure = (error: unknown) => {
    failed += 1
    progress.clear()
    context.fail(error)
    progress.advance(1)
  }
  const start = performance.now()
  try {
    for await (const batch of embedImages(model, open, { batchSize, signal: context.signal, onFailure })) {
      await journal.append(batch)
      embedded += batch.length
      progress.advance(batch.length)
    }
  } finally {
    progress.stop()
  }
  return { resumed, embedded, failed, seconds: (performance.now() - start) / 1000 }
}

/**
 * Does work on a journal, which is kept for the same command to go on with if the work does not end well, or some images
 * could not be read.
 */
async function keeping(
  { journal, images: { files }, partial }: Omit<Task, 'model'> & { readonly partial: string },
  context: Context,
  work: () => Promise<Report>,
): Promise<Report> {
  let report: Report
  try {
    report = await work()
  } catch (error) {
    if (journal.size === 0) await journal.remove()
    else {
      await journal.close()
      const done = files.filter(({ name }) => journal.has(name)).length
      context.note(
        `${exact(done)} of ${exact(files.length)} images are kept in '${printable(partial)}': ` +
          'the same command goes on from there',
      )
    }
    throw error
  }
  if (report.failed === 0) await journal.remove()
  else {
    await journal.close()
    context.note(`what is done is kept in '${printable(partial)}': the same command tries those that failed again`)
  }
  return report
}

/** Makes the file of what is in the journal, in the order of the names. */
async function finish(
  { journal, images, out, dimension }: Omit<Task, 'model'> & { readonly out: string; readonly dimension: number },
  signal: AbortSignal,
): Promise<void> {
  const names = images.files.map(({ name }: ImageFile) => name).filter(journal.has)
  if (names.length === 0) throw noneReadable()
  const longestName = names.reduce((most, name) => Math.max(most, [...name].length), 0)
  const format = await formatOf(out)
  const content = format.encode(journal.read(names), { count: names.length, dimension, longestName })
  await writeWhole(out, content, { temporary: `${out}.unfinished`, signal })
}

function documentOf({ resumed, embedded, failed, seconds }: Report, out: string, model: Model) {
  return {
    model: model.name,
    backend: model.describe(),
    out,
    images: resumed + embedded,
    dimension: dimensionOf(model),
    resumed,
    failed,
    seconds: rounded(seconds),
    imagesPerSecond: rounded(embedded / seconds),
  }
}

function describeReport({ resumed, embedded, failed, seconds }: Report, out: string): string {
  const total = resumed + embedded
  const images = `${exact(total)} ${total === 1 ? 'image' : 'images'}${failed > 0 ? ` (${exact(failed)} more failed)` : ''}`
  return `${images} in '${printable(out)}', ${(embedded / seconds).toFixed(1)} images/s`
}

function missingImage(path: string): ImageError {
  return new ImageError({ subject: path, expected: 'an image file', found: 'nothing at that path' })
}

function noneReadable(): OptionError {
  return new OptionError({ subject: 'the images', expected: 'at least one that can be read', found: 'none' })
}
