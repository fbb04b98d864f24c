import { type Interpolation, OptionError } from '@resnet-ts/graph'
import { coefficientsOf } from './coefficients.js'
import { checkImage, grouped, maxPixels, type RgbImage } from './image.js'
import type { Region } from './kernels/kernels.js'
import { usualKernels } from './kernels/usual.js'

/** What to resize to. */
export interface ResizeOptions {
  /** Of the whole resized image, in pixels. */
  readonly width: number
  /** Of the whole resized image, in pixels. */
  readonly height: number
  /** The filter, widened when the image shrinks (antialiased). */
  readonly interpolation: Interpolation
  /**
   * The part of the resized image that is wanted; all of it unless given. The result has the very bytes that a
   * crop after the resize would have, but only they are computed.
   */
  readonly region?: Region | undefined
}

/**
 * An image resized byte for byte as Pillow's `Image.resize((width, height), BILINEAR or BICUBIC)` (`ImagingResample`
 * for 8 bits, libImaging/Resample.c): a horizontal pass, then a vertical one, in fixed point, each rounded and
 * clipped to 8 bits; a direction whose size stays the same is left alone.
 *
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when a size or the region is not possible, or the result would have more than 268,000,000
 * pixels
 */
export function resize(image: RgbImage, options: ResizeOptions): RgbImage {
  checkImage(image)
  const { width, height, interpolation } = options
  const region = options.region ?? { x: 0, y: 0, width, height }
  checkOptions(options, region)

  const columns =
    width === image.width ? undefined : coefficientsOf(interpolation, image.width, width, region.x, region.width)
  const rows =
    height === image.height ? undefined : coefficientsOf(interpolation, image.height, height, region.y, region.height)
  const data = usualKernels().resample({ image, region, columns, rows })
  return { width: region.width, height: region.height, data }
}

function checkOptions({ width, height, interpolation }: ResizeOptions, region: Region): void {
  const wrong = (option: string, expected: string, found: unknown): OptionError =>
    new OptionError({ subject: `resize option '${option}'`, expected, found: String(JSON.stringify(found)) })
  const size = 'a whole number of at least 1 pixel'
  if (!Number.isSafeInteger(width) || width < 1) throw wrong('width', size, width)
  if (!Number.isSafeInteger(height) || height < 1) throw wrong('height', size, height)
  if (interpolation !== 'bilinear' && interpolation !== 'bicubic') {
    throw wrong('interpolation', "'bilinear' or 'bicubic'", interpolation)
  }
  const { x, y } = region
  const whole = [x, y, region.width, region.height].every(Number.isSafeInteger)
  const inside = x >= 0 && y >= 0 && x + region.width <= width && y + region.height <= height
  if (!whole || !inside || region.width < 1 || region.height < 1) {
    throw wrong('region', `whole pixels inside ${width} × ${height}, at least one`, region)
  }
  if (region.width * region.height > maxPixels) {
    throw wrong('region', `at most ${grouped(maxPixels)} pixels`, region.width * region.height)
  }
}
