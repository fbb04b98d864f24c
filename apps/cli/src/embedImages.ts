import { OptionError } from '@resnet-ts/graph'
import { decode, type RgbImage } from '@resnet-ts/vision'
import type { Model } from 'resnet-ts'
import type { Embedding } from './embeddings/embedding.js'
import type { ImageFile } from './images.js'

/** Pixels that a batch may hold before it is full: they take 100 MB. */
const batchPixels = 2 ** 25

/** Images that are decoded before they are asked for: more take memory, and no less time. */
const readAhead = 8

export interface EmbedImagesOptions {
  readonly batchSize: number
  readonly signal: AbortSignal
  /** Is told of each image that could not be embedded. */
  readonly onFailure: (error: unknown) => void
}

/**
 * The features of images, batch by batch, in order; those that cannot be read are passed over. However many images
 * there are, no more are held than the batch that is computed, and some that are decoded meanwhile.
 *
 * @throws the signal's reason, once it is aborted
 */
export async function* embedImages(
  model: Model,
  images: readonly ImageFile[],
  options: EmbedImagesOptions,
): AsyncGenerator<readonly Embedding[], void> {
  const { batchSize, signal, onFailure } = options
  for await (const batch of batchesOf(images, options)) {
    signal.throwIfAborted()
    const vectors = await model.embed(
      batch.map(({ photo }) => photo),
      { batchSize, signal },
    )
    yield batch.flatMap(({ file }, index) => {
      const vector = vectors[index]!
      if (vector.every(Number.isFinite)) return [{ file, vector }]
      onFailure(notFinite(file))
      return []
    })
  }
}

/** An image that was read. */
interface Photo {
  readonly file: string
  readonly photo: RgbImage
}

async function* batchesOf(
  images: readonly ImageFile[],
  { batchSize, signal, onFailure }: EmbedImagesOptions,
): AsyncGenerator<readonly Photo[], void> {
  let batch: Photo[] = []
  let pixels = 0
  for await (const result of decodedInOrder(images, signal)) {
    if (result.status === 'rejected') {
      signal.throwIfAborted()
      onFailure(result.reason)
      continue
    }
    batch.push(result.value)
    pixels += result.value.photo.width * result.value.photo.height
    if (batch.length === batchSize || pixels >= batchPixels) {
      yield batch
      batch = []
      pixels = 0
    }
  }
  if (batch.length > 0) yield batch
}

/** What became of each image. */
async function* decodedInOrder(
  images: readonly ImageFile[],
  signal: AbortSignal,
): AsyncGenerator<PromiseSettledResult<Photo>, void> {
  const read = async ({ name, source }: ImageFile) => {
    // A signal for each image: Node warns of many listeners on one.
    const photo = await decode(source, { signal: AbortSignal.any([signal]) })
    return { file: name, photo }
  }
  const started: Promise<readonly PromiseSettledResult<Photo>[]>[] = []
  for (let next = 0; next < images.length || started.length > 0; ) {
    while (next < images.length && started.length < readAhead) started.push(Promise.allSettled([read(images[next++]!)]))
    const [result] = await started.shift()!
    yield result!
  }
}

function notFinite(file: string): OptionError {
  return new OptionError({
    subject: `features of '${file}'`,
    expected: 'finite numbers',
    found: 'others',
    advice: 'see whether the weights are damaged',
  })
}
