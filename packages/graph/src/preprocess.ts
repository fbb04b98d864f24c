import { OptionError } from './errors.js'

/** The resampling filters of Pillow that published checkpoints use. */
export type Interpolation = 'bilinear' | 'bicubic'

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
  readonly mean: readonly [number, number, number]
  /** Standard deviations of red, green and blue, of values in [0, 1]. */
  readonly std: readonly [number, number, number]
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
  readonly crop_pct?: number
  readonly crop_mode?: string
  readonly interpolation?: string
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/**
 * The preprocessing that a timm `pretrained_cfg` describes; what it leaves out is timm's own default
 * (`[3, 224, 224]`, 0.875, bilinear, ImageNet's mean and deviation). Follows `timm.data.resolve_data_config`.
 *
 * @throws {OptionError} when a field is malformed, or asks for a crop mode or a filter that does not exist here
 */
export function preprocessFromTimm(config: TimmPretrainedConfig): Preprocess {
  const [, height, width] = numbers(config, 'input_size', 3) ?? [3, ...imagenetPreprocess.size]
  const cropFraction = config.crop_pct ?? imagenetPreprocess.cropFraction
  const interpolation = config.interpolation ?? imagenetPreprocess.interpolation
  const cropMode = config.crop_mode ?? 'center'
  if (cropMode !== 'center') throw malformed('crop_mode', "'center'", cropMode)
  if (interpolation !== 'bilinear' && interpolation !== 'bicubic') {
    throw malformed('interpolation', "'bilinear' or 'bicubic'", interpolation)
  }
  const preprocess: Preprocess = {
    size: [height!, width!],
    cropFraction,
    interpolation,
    mean: (numbers(config, 'mean', 3) ?? imagenetPreprocess.mean) as Preprocess['mean'],
    std: (numbers(config, 'std', 3) ?? imagenetPreprocess.std) as Preprocess['std'],
  }
  checkPreprocess(preprocess)
  return preprocess
}

/**
 * Checks that a preprocessing can be carried out.
 *
 * @throws {OptionError} naming the first field that is out of range
 */
export function checkPreprocess(preprocess: Preprocess): void {
  const { size, cropFraction, mean, std } = preprocess
  if (size.length !== 2 || !size.every((side) => Number.isInteger(side) && side >= 1 && side <= 16384)) {
    throw malformed('size', 'two whole numbers of pixels from 1 to 16384', size)
  }
  if (!(cropFraction > 0 && cropFraction <= 1)) throw malformed('cropFraction', 'a number in (0, 1]', cropFraction)
  if (mean.length !== 3 || !mean.every(Number.isFinite)) throw malformed('mean', 'three numbers', mean)
  if (std.length !== 3 || !std.every((value) => Number.isFinite(value) && value > 0)) {
    throw malformed('std', 'three numbers above zero', std)
  }
}

function numbers(config: TimmPretrainedConfig, field: 'input_size' | 'mean' | 'std', length: number) {
  const value: unknown = config[field]
  if (value === undefined) return undefined
  if (!Array.isArray(value) || value.length !== length || !value.every((item) => typeof item === 'number')) {
    throw malformed(field, `${length} numbers`, value)
  }
  return value as number[]
}

function malformed(field: string, expected: string, found: unknown): OptionError {
  return new OptionError({ subject: `preprocessing field '${field}'`, expected, found: String(JSON.stringify(found)) })
}
