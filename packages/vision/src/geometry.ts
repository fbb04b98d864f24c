import type { Preprocess } from '@resnet-ts/graph'
import type { Region } from './kernels/kernels.js'

/** How a photograph is resized, and what is cut out of it. */
export interface Geometry {
  /** Of the whole resized photograph, in pixels. */
  readonly width: number
  readonly height: number
  /** The centre crop, in pixels of the resized photograph. */
  readonly region: Region
}

/**
 * The sizes of an evaluation's resize and centre crop, as timm's `transforms_imagenet_eval` (crop mode `center`)
 * and torchvision's `Resize` and `CenterCrop` reckon them.
 *
 * The resized photograph is never smaller than the crop, so torchvision's padding never happens.
 *
 * @param width, height of the photograph, in pixels
 */
export function geometryOf(width: number, height: number, { size, cropFraction }: Preprocess): Geometry {
  const [cropHeight, cropWidth] = size
  const targetHeight = floorOfQuotient(cropHeight, cropFraction)
  const targetWidth = floorOfQuotient(cropWidth, cropFraction)
  const resized =
    targetHeight === targetWidth
      ? resizeShorterSide(width, height, targetWidth)
      : resizeToCover(width, height, targetWidth, targetHeight)
  const x = roundHalfToEven((resized.width - cropWidth) / 2)
  const y = roundHalfToEven((resized.height - cropHeight) / 2)
  return { ...resized, region: { x, y, width: cropWidth, height: cropHeight } }
}

/**
 * `floor(size / fraction)`, where a quotient that misses a whole number by the rounding of floating point counts as
 * that number: a fraction written as `192 / 225` gives back 225, though the division comes to 224.99999999999997.
 */
export function floorOfQuotient(size: number, fraction: number): number {
  const quotient = size / fraction
  const nearest = Math.round(quotient)
  return Math.abs(quotient - nearest) < 1e-12 * quotient ? nearest : Math.floor(quotient)
}

// torchvision's Resize with one number: the longer side is rounded down.
function resizeShorterSide(width: number, height: number, target: number): { width: number; height: number } {
  const longer = Math.floor((target * Math.max(width, height)) / Math.min(width, height))
  return width <= height ? { width: target, height: longer } : { width: longer, height: target }
}

// timm's ResizeKeepRatio, for crops that are not square: the smallest size, of the same proportions, that covers both
// sides. (There timm always resizes bilinearly, whatever the checkpoint says; here its filter is kept.)
function resizeToCover(
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
): { width: number; height: number } {
  const ratio = Math.min(height / targetHeight, width / targetWidth)
  return { width: roundHalfToEven(width / ratio), height: roundHalfToEven(height / ratio) }
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
