import type { RgbImage } from './image.js'

/**
 * The image turned upright, as Pillow's `ImageOps.exif_transpose` does it.
 *
 * @param orientation EXIF's, from 1 (as it is) to 8: which sides of the picture the first row and column are
 */
export function orient(image: RgbImage, orientation: number): RgbImage {
  if (orientation === 1) return image
  const { width, height, data } = image
  // 5 to 8 swap rows and columns; then each direction may run backwards.
  const transposed = orientation >= 5
  const mirroredX = [2, 3, 7, 8].includes(orientation)
  const mirroredY = [3, 4, 6, 7].includes(orientation)
  const upright = transposed ? { width: height, height: width } : { width, height }
  const turned = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < upright.height; y++) {
    for (let x = 0; x < upright.width; x++, to += 3) {
      const column = transposed ? y : x
      const row = transposed ? x : y
      const sourceX = mirroredX ? width - 1 - column : column
      const sourceY = mirroredY ? height - 1 - row : row
      const from = (sourceY * width + sourceX) * 3
      turned[to] = data[from]!
      turned[to + 1] = data[from + 1]!
      turned[to + 2] = data[from + 2]!
    }
  }
  return { ...upright, data: turned }
}
