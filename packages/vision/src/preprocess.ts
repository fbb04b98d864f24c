import { checkPreprocess, OptionError, type Preprocess, type Tensor, tensor } from '@resnet-ts/graph'
import { geometryOf } from './geometry.js'
import { checkImage, type RgbImage } from './image.js'
import { resize } from './resize.js'

/**
 * The part of a photograph that a network sees, before its values are normalised: the shorter side is resized to
 * `floor(size / cropFraction)` and the centre cut out, byte for byte as torchvision's `Resize` and `CenterCrop` do it
 * with Pillow. A photograph whose shorter side has that size already is not resampled. When the crop is not square,
 * both sides are covered, as by timm's `ResizeKeepRatio`, with the filter that `config` names.
 *
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when `config` cannot be carried out
 */
export function cropTo(image: RgbImage, config: Preprocess): RgbImage {
  checkImage(image)
  checkPreprocess(config)
  const { width, height, region } = geometryOf(image.width, image.height, config)
  return resize(image, { width, height, interpolation: config.interpolation, region })
}

/**
 * A photograph as the input of a network: `cropTo`, then torchvision's `ToTensor` and `Normalize` in float32,
 * `(value / 255 − mean) / std`.
 *
 * @returns `[1, height, width, 3]` (NHWC)
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when `config` cannot be carried out
 */
export function preprocess(image: RgbImage, config: Preprocess): Tensor {
  return preprocessBatch([image], config)
}

/**
 * Photographs as one batch.
 *
 * @returns `[images.length, height, width, 3]` (NHWC)
 * @throws {ImageError} when an image's fields contradict each other
 * @throws {OptionError} when `config` cannot be carried out, or there is no image
 */
export function preprocessBatch(images: readonly RgbImage[], config: Preprocess): Tensor {
  checkPreprocess(config)
  if (images.length === 0) throw new OptionError({ subject: 'batch', expected: 'at least one image', found: 'none' })
  const [height, width] = config.size
  const elements = height * width * 3
  const data = new Float32Array(images.length * elements)
  images.forEach((image, index) => {
    preprocessInto(image, config, data, index * elements)
  })
  return tensor([images.length, height, width, 3], data)
}

/**
 * Writes a photograph's `height × width × 3` values (HWC, the colours in the order that `config` says) into `target`, from `offset` on: so that a batch, or memory
 * that a backend owns, is filled without a copy.
 *
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when `config` cannot be carried out, or the values do not fit
 */
export function preprocessInto(image: RgbImage, config: Preprocess, target: Float32Array, offset = 0): void {
  checkPreprocess(config)
  const elements = config.size[0] * config.size[1] * 3
  if (!Number.isInteger(offset) || offset < 0 || offset + elements > target.length) {
    throw new OptionError({
      subject: 'preprocessing target',
      expected: `room for ${elements} values from ${offset} on`,
      found: `${target.length} in all`,
    })
  }
  const { data } = cropTo(image, config)
  const [red, green, blue] = [0, 1, 2].map((channel) => normalised(config.mean[channel]!, config.std[channel]!))
  const [redAt, blueAt] = config.channelOrder === 'bgr' ? [2, 0] : [0, 2]
  for (let from = 0, to = offset; from < elements; from += 3, to += 3) {
    target[to + redAt] = red![data[from]!]!
    target[to + 1] = green![data[from + 1]!]!
    target[to + blueAt] = blue![data[from + 2]!]!
  }
}

/** The normalised value of each byte, every step rounded to float32 as PyTorch's kernels do. */
function normalised(mean: number, std: number): Float32Array {
  const { fround } = Math
  return Float32Array.from({ length: 256 }, (_, byte) => fround(fround(byte / 255) - fround(mean)) / fround(std))
}
