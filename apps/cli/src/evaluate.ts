import { type Tensor, tensor } from '@resnet-ts/graph'
import { type Model, type Prediction, topPredictions } from 'resnet-ts'

/** Enough to keep the arithmetic busy: measured with TensorFlow.js, larger batches are no faster. */
const batchSize = 16

export interface EvaluateOptions {
  /** How many classes to tell of each image. */
  readonly topK: number
  readonly signal: AbortSignal
  /** Is told of each image that could not be classified. */
  readonly onFailure: (index: number, error: unknown) => void
}

/** An image that was classified. */
export interface Classified {
  /** Its place in the list. */
  readonly index: number
  /** Likeliest first. */
  readonly predictions: readonly Prediction[]
}

/**
 * Classifies images in batches, the next of which is decoded while one is computed; those that cannot be read are
 * passed over.
 *
 * @returns the images of one batch at a time, in the order of the list
 * @throws the signal's reason, once it is aborted
 */
export async function* evaluate(
  model: Model,
  images: readonly string[],
  { topK, signal, onFailure }: EvaluateOptions,
): AsyncGenerator<readonly Classified[]> {
  const prepareAt = (start: number) =>
    Promise.allSettled(images.slice(start, start + batchSize).map((image) => model.prepare(image, { signal })))
  let next = prepareAt(0)
  for (let start = 0; start < images.length; start += batchSize) {
    const prepared = await next
    signal.throwIfAborted()
    next = prepareAt(start + batchSize)
    const pixels: Tensor[] = []
    const indices: number[] = []
    for (const [offset, result] of prepared.entries()) {
      if (result.status === 'rejected') {
        onFailure(start + offset, result.reason)
        continue
      }
      pixels.push(result.value)
      indices.push(start + offset)
    }
    const rows = await logitsOf(model, pixels, signal)
    yield rows.map((logits, row) => ({
      index: indices[row]!,
      predictions: topPredictions(logits, model.labels, topK),
    }))
  }
}

/** The logits of each image. */
async function logitsOf(model: Model, images: readonly Tensor[], signal: AbortSignal): Promise<Float32Array[]> {
  const [first] = images
  if (!first) return []
  const size = first.data.length
  const data = new Float32Array(size * images.length)
  for (const [index, image] of images.entries()) data.set(image.data, index * size)
  const logits = await model.predict(tensor([images.length, ...first.shape.slice(1)], data), { signal })
  const classes = logits.data.length / images.length
  return images.map((_, index) => logits.data.slice(index * classes, (index + 1) * classes))
}
