import { OptionError } from '@resnet-ts/graph'
import type { Context } from '../context.js'
import { dimensionOf } from '../dimension.js'
import { EmbeddingsError } from '../embeddings/embedding.js'
import { readEmbeddings, recognise } from '../embeddings/formats.js'
import { describeModel, loadModel } from '../loadModel.js'
import { lengthOf, Nearest, type Similar } from '../nearest.js'
import type { ModelArguments } from '../options.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'

export interface SimilarArguments extends ModelArguments {
  readonly in: string
  readonly top: number
  readonly json?: boolean
}

/** `resnet similar <image>` */
export async function similar(image: string, options: SimilarArguments, context: Context): Promise<void> {
  // Before the model is loaded, which may take long.
  await recognise(options.in)
  const loaded = await loadModel(options, context)
  const { model } = loaded
  try {
    const wanted = await model.embed(image, { signal: context.signal })
    if (lengthOf(wanted) === 0) throw noDirection(image)
    const results = await nearest(wanted, options, dimensionOf(model), context.signal)
    if (options.json) context.print(JSON.stringify({ image, results }, undefined, 2))
    else printResults(results, context)
    context.note(describeModel(loaded))
  } finally {
    await model.dispose()
  }
}

async function nearest(
  wanted: Float32Array,
  options: SimilarArguments,
  dimension: number,
  signal: AbortSignal,
): Promise<readonly Similar[]> {
  const found = new Nearest(wanted, options.top)
  for await (const { file, vector } of readEmbeddings(options.in, dimension)) {
    signal.throwIfAborted()
    found.add(file, vector)
  }
  if (found.added > 0) return found.results()
  throw new EmbeddingsError({ subject: `file '${options.in}'`, expected: 'embeddings', found: 'none' })
}

function noDirection(image: string): OptionError {
  return new OptionError({
    subject: `features of '${image}'`,
    expected: 'a vector with a direction, to compare others with',
    found: 'zeros only',
  })
}

function printResults(results: readonly Similar[], { print, colours }: Context): void {
  const lines = table(
    results.map(({ file, similarity }) => [similarity.toFixed(4), printable(file)]),
    ['right', 'left'],
  )
  print(lines.map((line, index) => (index === 0 ? colours.bold(line) : line)).join('\n'))
}
