import { describeValue, OptionError, type Tensor, tensor } from '@resnet-ts/graph'
import type { ImageSource } from '@resnet-ts/vision'
import type { ImageOptions } from './options.js'

/** A photograph as the network takes it `[1, height, width, 3]`, and how long that took, in milliseconds. */
export interface Prepared {
  readonly pixels: Tensor
  readonly decode: number
  readonly preprocess: number
}

/** What rows are computed with. */
export interface RowWork {
  prepare(image: ImageSource): Promise<Prepared>
  /** Pixels `[n, height, width, 3]` to `[n, …]`. */
  run(pixels: Tensor): Promise<Tensor>
}

/**
 * What a network answers to photographs, a row for each; an empty one for each that cannot be read, where someone is
 * told of it. The next batch is prepared while one is computed.
 *
 * @throws {ImageError} when an image cannot be read, and nobody is told
 * @throws {OptionError} when the size of a batch is out of range
 */
export async function rowsOf(
  images: readonly ImageSource[],
  work: RowWork,
  { batchSize = 8, signal, onTimings, onFailure }: ImageOptions,
): Promise<Float32Array[]> {
  requireCount('batchSize', batchSize)
  const rows = images.map(() => new Float32Array(0))
  const batchAt = (start: number) =>
    Promise.allSettled(images.slice(start, start + batchSize).map((image) => work.prepare(image)))
  let next = batchAt(0)
  for (let start = 0; start < images.length; start += batchSize) {
    const settled = await next
    signal?.throwIfAborted()
    const batch = settled.flatMap((result, offset) => {
      if (result.status === 'fulfilled') return [{ ...result.value, index: start + offset }]
      if (!onFailure) throw result.reason
      onFailure(result.reason, start + offset)
      return []
    })
    next = batchAt(start + batchSize)
    if (batch.length === 0) continue
    const begin = performance.now()
    const { data } = await work.run(concatenate(batch.map(({ pixels }) => pixels)))
    const inference = (performance.now() - begin) / batch.length
    const width = data.length / batch.length
    for (const [place, { index, decode, preprocess }] of batch.entries()) {
      rows[index] = data.slice(place * width, (place + 1) * width)
      onTimings?.({ decode, preprocess, inference }, index)
    }
  }
  return rows
}

/** @throws {OptionError} when it is not a whole number from 1 */
export function requireCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new OptionError({
    subject: `option '${option}'`,
    expected: 'a whole number from 1',
    found: describeValue(value),
  })
}

/** Images `[1, h, w, c]` of one size as one tensor `[n, h, w, c]`. */
function concatenate(images: readonly Tensor[]): Tensor {
  const [first] = images
  if (images.length === 1) return first!
  const size = first!.data.length
  const data = new Float32Array(size * images.length)
  for (const [index, image] of images.entries()) data.set(image.data, index * size)
  return tensor([images.length, ...first!.shape.slice(1)], data)
}
