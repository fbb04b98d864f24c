import { checkPreprocess, OptionError, type Preprocess } from '@resnet-ts/graph'
import { geometryOf } from './geometry.js'
import { checkImage, type RgbImage } from './image.js'

/** Numbers over a part of a photograph, row by row: a class activation map, say. */
export interface HeatMap {
  /** Values of a row. */
  readonly width: number
  /** How many rows. */
  readonly height: number
  /** `width × height` values; those below zero count as zero. */
  readonly values: Float32Array
}

/** The colours from the least to the greatest value: the five anchors of matplotlib's viridis. */
const anchors = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const

/**
 * A photograph with a map laid over the part of it that a network sees: the crop of `config`, at the photograph's own
 * resolution. Values are interpolated bilinearly between the centres of the map's cells and scaled to their greatest;
 * the greater a value, the more of its colour (viridis) covers the photograph.
 *
 * @param options.opacity - how much of the photograph the greatest value covers, from 0 to 1; 0.7 if left out
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when the map or an option is out of range
 */
export function overlay(
  image: RgbImage,
  map: HeatMap,
  config: Preprocess,
  options: { readonly opacity?: number | undefined } = {},
): RgbImage {
  const { opacity = 0.7 } = options
  checkImage(image)
  checkPreprocess(config)
  checkMap(map, opacity)
  const area = seenArea(image, config)
  const greatest = map.values.reduce((most, value) => Math.max(most, value), 0)
  const data = image.data.slice()
  if (greatest === 0) return { ...image, data }
  const columns = cellsAlong(area.left, area.right, image.width, map.width)
  const rows = cellsAlong(area.top, area.bottom, image.height, map.height)
  for (const row of rows) {
    for (const column of columns) {
      const strength = interpolate(map, row, column) / greatest
      if (strength > 0) tint(data, (row.pixel * image.width + column.pixel) * 3, strength, opacity)
    }
  }
  return { width: image.width, height: image.height, data }
}

function checkMap({ width, height, values }: HeatMap, opacity: number): void {
  const whole = [width, height].every((side) => Number.isInteger(side) && side >= 1)
  if (!whole || values.length !== width * height) {
    throw new OptionError({ subject: 'heat map', expected: `${width} × ${height} values`, found: `${values.length}` })
  }
  if (!values.every(Number.isFinite)) {
    throw new OptionError({ subject: 'heat map', expected: 'finite values', found: 'others' })
  }
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new OptionError({ subject: "option 'opacity'", expected: 'a number from 0 to 1', found: String(opacity) })
  }
}

/** The crop, in the photograph's own pixels. */
function seenArea(image: RgbImage, config: Preprocess) {
  const { width, height, region } = geometryOf(image.width, image.height, config)
  const across = image.width / width
  const down = image.height / height
  return {
    left: region.x * across,
    right: (region.x + region.width) * across,
    top: region.y * down,
    bottom: (region.y + region.height) * down,
  }
}

/** A pixel of the photograph between two cells of the map. */
interface Between {
  readonly pixel: number
  readonly before: number
  readonly after: number
  /** How far it is towards the second, from 0 to 1. */
  readonly share: number
}

function cellsAlong(start: number, end: number, pixels: number, cells: number): Between[] {
  const first = Math.max(0, Math.ceil(start - 0.5))
  const last = Math.min(pixels - 1, Math.floor(end - 0.5))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const pixel = first + index
    const position = ((pixel + 0.5 - start) / (end - start)) * cells - 0.5
    const clamped = Math.min(Math.max(position, 0), cells - 1)
    const before = Math.floor(clamped)
    return { pixel, before, after: Math.min(before + 1, cells - 1), share: clamped - before }
  })
}

function interpolate({ width, values }: HeatMap, row: Between, column: Between): number {
  const along = (line: number) => {
    const at = (cell: number) => Math.max(0, values[line * width + cell]!)
    return at(column.before) * (1 - column.share) + at(column.after) * column.share
  }
  return along(row.before) * (1 - row.share) + along(row.after) * row.share
}

function tint(data: Uint8Array, offset: number, strength: number, opacity: number): void {
  const position = strength * (anchors.length - 1)
  const index = Math.min(Math.floor(position), anchors.length - 2)
  const share = position - index
  const cover = strength * opacity
  for (let channel = 0; channel < 3; channel++) {
    const colour = anchors[index]![channel]! * (1 - share) + anchors[index + 1]![channel]! * share
    data[offset + channel] = Math.round(data[offset + channel]! * (1 - cover) + colour * cover)
  }
}
