import { checkImage, type RgbImage } from './image.js'
import { importSharp } from './sharp.js'

/**
 * The image as a PNG file.
 *
 * @throws {ImageError} when the image's fields contradict each other
 */
export async function encodePng(image: RgbImage): Promise<Uint8Array> {
  checkImage(image)
  const { width, height, data } = image
  const sharp = await importSharp()
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  )
}
