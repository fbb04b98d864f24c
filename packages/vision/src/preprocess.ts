import { checkPreprocess, OptionError, type Preprocess, type Tensor, tensor } from '@resnet-ts/graph'
import { geometryOf } from './geometry.js'
import { checkImage, type RgbImage } from './image.js'
import { usualKernels } from './kernels/usual.js'
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
  usualKernels().normalise(data, normalisedBytes(config), config.channelOrder === 'bgr', target, offset)
}

/** The normalised value of each byte of red, green and blue, every step rounded to float32 as PyTorch's kernels do. */
function normalisedBytes({ mean, std }: Preprocess): Float32Array {
  const { fround } = Math
  const tables = new Float32Array(3 * 256)
  for (let channel = 0, at = 0; channel < 3; channel++) {
    const [centre, deviation] = [fround(mean[channel]!), fround(std[channel]!)]
    for (let byte = 0; byte < 256; byte++, at++) tables[at] = fround(fround(byte / 255) - centre) / deviation
  }
  return tables
}
