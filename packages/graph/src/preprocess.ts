import { describeValue, isRecord } from './describe.js'
import { OptionError } from './errors.js'

/** The resampling filters of Pillow that published checkpoints use. */
export type Interpolation = 'bilinear' | 'bicubic'

const interpolations: readonly Interpolation[] = ['bilinear', 'bicubic']
const channelOrders = ['rgb', 'bgr'] as const

/** How a photograph becomes the pixels that a checkpoint was trained on. */
export interface Preprocess {
  /** `[height, width]` of the network's input, in pixels. */
  readonly size: readonly [height: number, width: number]
  /**
   * The share of the resized photograph's shorter side that the crop keeps, in (0, 1]: the photograph is first
   * resized so that its shorter side is `floor(size / cropFraction)` pixels. timm calls it `crop_pct`.
   */
  readonly cropFraction: number
  /** The antialiased filter of the resize. */
  readonly interpolation: Interpolation
  /** Means of red, green and blue, of values in [0, 1]. */
  readonly mean: readonly [red: number, green: number, blue: number]
  /** Standard deviations of red, green and blue, of values in [0, 1]. */
  readonly std: readonly [red: number, green: number, blue: number]
  /**
   * The order in which the network takes the colours. `bgr` is that of Caffe, and of Keras's first ResNets; `mean` and
   * `std` are those of red, green and blue all the same.
   *
   * @defaultValue 'rgb'
   */
  readonly channelOrder?: 'rgb' | 'bgr' | undefined
}

/** ImageNet evaluation as in the first torchvision recipes: resize to 256, crop 224, bilinear. */
export const imagenetPreprocess: Preprocess = {
  size: [224, 224],
  cropFraction: 0.875,
  interpolation: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
}

/** The fields of timm's `pretrained_cfg` (also in a Hugging Face `config.json`) that describe preprocessing. */
export interface TimmPretrainedConfig {
  /** `[channels, height, width]`. */
  readonly input_size?: readonly number[]
  /** The share of the shorter side that the crop keeps: `cropFraction`. */
  readonly crop_pct?: number
  /** `center` is the one that can be had here. */
  readonly crop_mode?: string
  /** The filter of the resize: `bilinear` or `bicubic`. */
  readonly interpolation?: string
  /** Of red, green and blue, of values in [0, 1]. */
  readonly mean?: readonly number[]
  /** Standard deviations of red, green and blue, of values in [0, 1]. */
  readonly std?: readonly number[]
}

/**
 * The preprocessing that a timm `pretrained_cfg` describes; what it leaves out (or has as null) is timm's own default:
 * `[3, 224, 224]`, 0.875, centre crop, bicubic, ImageNet's mean and deviation. Follows `timm.data.resolve_data_config`.
 *
 * @throws {OptionError} naming the first field that is malformed, or asks for a crop mode, a filter or channels that
 * cannot be had here
 */
export function preprocessFromTimm(config: TimmPretrainedConfig): Preprocess {
  if (!isRecord(config)) throw malformed('preprocessing', 'the fields of a pretrained_cfg', config)
  const inputSize: unknown = config.input_size ?? [3, ...imagenetPreprocess.size]
  const cropMode: unknown = config.crop_mode ?? 'center'
  if (!isNumbers(inputSize, 3) || inputSize[0] !== 3)
    throw malformedField('input_size', '[3, height, width]', inputSize)
  if (cropMode !== 'center') throw malformedField('crop_mode', "'center'", cropMode)
  const preprocess = {
    size: inputSize.slice(1),
    cropFraction: config.crop_pct ?? imagenetPreprocess.cropFraction,
    interpolation: config.interpolation ?? 'bicubic',
    mean: config.mean ?? imagenetPreprocess.mean,
    std: config.std ?? imagenetPreprocess.std,
  }
  requireFields(preprocess, { size: 'input_size', cropFraction: 'crop_pct' })
  return preprocess
}

/**
 * Checks that a preprocessing can be carried out.
 *
 * @throws {OptionError} naming the first field that is missing or out of range
 */
export function checkPreprocess(preprocess: Preprocess): void {
  if (!isRecord(preprocess)) throw malformed('preprocessing', 'its fields', preprocess)
  requireFields(preprocess, {})
}

/** The fields of a `Preprocess`, not known to be well formed. */
type Fields = { readonly [Field in keyof Preprocess]?: unknown }

/** @param names - what its source calls the fields, for messages, where that differs */
function requireFields(
  fields: Fields,
  names: { readonly [Field in keyof Preprocess]?: string },
): asserts fields is Preprocess {
  const require = (field: keyof Preprocess, fits: boolean, expected: string) => {
    if (!fits) throw malformedField(names[field] ?? field, expected, fields[field])
  }
  const { size, cropFraction, interpolation, mean, std, channelOrder = 'rgb' } = fields
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= 16384
  require('size', isNumbers(size, 2) && size.every(isSide), 'whole numbers of pixels from 1 to 16384')
  const isFraction = typeof cropFraction === 'number' && cropFraction > 0 && cropFraction <= 1
  require('cropFraction', isFraction, 'a number in (0, 1]')
  require('interpolation', interpolations.some((name) => name === interpolation), `one of ${interpolations.join(', ')}`)
  require('mean', isNumbers(mean, 3), 'three numbers')
  require('std', isNumbers(std, 3) && std.every((value) => value > 0), 'three numbers above zero')
  require('channelOrder', channelOrders.some((name) => name === channelOrder), `one of ${channelOrders.join(', ')}`)
}

function isNumbers(value: unknown, length: number): value is readonly number[] {
  // Array.from, since `every` alone steps over holes.
  return Array.isArray(value) && value.length === length && Array.from(value).every(Number.isFinite)
}

function malformedField(field: string, expected: string, found: unknown): OptionError {
  return malformed(`preprocessing field '${field}'`, expected, found)
}

function malformed(subject: string, expected: string, found: unknown): OptionError {
  return new OptionError({ subject, expected, found: describeValue(found) })
}
