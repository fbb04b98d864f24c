import { type RgbImage, resize } from '@resnet-ts/vision'

/** RGB bytes as a picture that the page can show. */
export function bitmapOf({ width, height, data }: RgbImage): Promise<ImageBitmap> {
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels[to] = data[from]!
    pixels[to + 1] = data[from + 1]!
    pixels[to + 2] = data[from + 2]!
    pixels[to + 3] = 255
  }
  return createImageBitmap(new ImageData(pixels, width, height))
}

/** An image made small enough for its longer side to have `most` pixels; as it is if it is. */
export function fitted(image: RgbImage, most: number): RgbImage {
  const scale = most / Math.max(image.width, image.height)
  if (scale >= 1) return image
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  return resize(image, { width: side(image.width), height: side(image.height), interpolation: 'bilinear' })
}

type Colour = readonly [red: number, green: number, blue: number]

/** The colours of values from the least to the greatest, with even steps between them. */
export type Scale = readonly Colour[]

/** Blue below zero, orange above; zero is what the page's own ground is like. */
export const signed: { readonly light: Scale; readonly dark: Scale } = {
  light: [
    [29, 78, 216],
    [147, 178, 240],
    [244, 246, 249],
    [246, 180, 106],
    [194, 84, 6],
  ],
  dark: [
    [96, 165, 250],
    [38, 80, 150],
    [20, 27, 42],
    [150, 80, 20],
    [251, 165, 70],
  ],
}

/** From nothing to much. */
export const strength: { readonly light: Scale; readonly dark: Scale } = {
  light: [
    [244, 246, 249],
    [176, 216, 219],
    [79, 158, 168],
    [21, 94, 117],
    [12, 45, 66],
  ],
  dark: [
    [20, 27, 42],
    [18, 66, 84],
    [28, 118, 130],
    [88, 184, 172],
    [214, 245, 214],
  ],
}

/**
 * Values as colours.
 *
 * @param values - row by row, `height × width`
 * @param range - the values of the scale's first and last colour
 */
export function mapBitmap(
  values: Float32Array,
  [height, width]: readonly [number, number],
  scale: Scale,
  [least, greatest]: readonly [number, number],
): Promise<ImageBitmap> {
  const steps = scale.length - 1
  const span = greatest - least || 1
  const data = new Uint8Array(values.length * 3)
  for (const [place, value] of values.entries()) {
    const position = Math.min(Math.max((value - least) / span, 0), 1) * steps
    const index = Math.min(Math.floor(position), steps - 1)
    const share = position - index
    for (let part = 0; part < 3; part++) {
      data[place * 3 + part] = Math.round(scale[index]![part]! * (1 - share) + scale[index + 1]![part]! * share)
    }
  }
  return bitmapOf({ width, height, data })
}
