import { checkPreprocess, imagenetPreprocess, OptionError, type Preprocess } from '@resnet-ts/graph'

/** A JSON object that somebody else wrote. */
type Fields = Readonly<Record<string, unknown>>

/** Pillow's numbers of the filters there are. */
const filters: Readonly<Record<number, Preprocess['interpolation']>> = { 2: 'bilinear', 3: 'bicubic' }

/** Whether a `config.json` is of the form of Hugging Face's transformers, and not of timm's. */
export function isTransformersConfig(config: unknown): config is Fields {
  return isFields(config) && ('model_type' in config || 'id2label' in config) && !('pretrained_cfg' in config)
}

/**
 * The classes' names, from `id2label`, in the order of the logits.
 *
 * @returns nothing where there are none, or those that transformers makes up (`LABEL_0`)
 * @throws {OptionError} when they are malformed
 */
export function labelsOfTransformers({ id2label }: Fields): readonly string[] | undefined {
  if (id2label === undefined || id2label === null) return undefined
  const entries = isFields(id2label) ? Object.entries(id2label) : []
  const labels = entries.map((_, index) => (id2label as Fields)[String(index)])
  if (!labels.every((label) => typeof label === 'string') || labels.length === 0) {
    throw malformed('id2label', 'a name for each number from 0 on', id2label)
  }
  return labels.every((label, index) => label === `LABEL_${index}`) ? undefined : labels
}

/**
 * How photographs are prepared, from `preprocessor_config.json`. Follows `ConvNextImageProcessor`, which transformers'
 * own ResNets use (resize to `size / crop_pct`, then crop), and those that resize the shorter side and crop the centre.
 *
 * @throws {OptionError} naming a field that is malformed, or asks for what cannot be had here
 */
export function preprocessOfTransformers(fields: unknown): Preprocess | undefined {
  if (fields === undefined) return undefined
  if (!isFields(fields)) throw malformed('itself', 'a JSON object', fields)
  const { resample = 2, rescale_factor: factor = 1 / 255, do_normalize: normalizes = true } = fields
  const interpolation = filters[resample as number]
  if (!interpolation) throw malformed('resample', '2 (bilinear) or 3 (bicubic)', resample)
  if (typeof factor !== 'number' || Math.abs(factor * 255 - 1) > 1e-3)
    throw malformed('rescale_factor', '1/255', factor)
  if (fields.do_resize === false) throw malformed('do_resize', 'true', false)
  const { image_mean: mean = imagenetPreprocess.mean, image_std: std = imagenetPreprocess.std } = fields
  const preprocess = {
    ...croppingOf(fields),
    interpolation,
    mean: normalizes ? mean : [0, 0, 0],
    std: normalizes ? std : [1, 1, 1],
  } as Preprocess
  checkPreprocess(preprocess)
  return preprocess
}

function croppingOf(fields: Fields): Pick<Preprocess, 'size' | 'cropFraction'> {
  const { size, crop_size: cropSize, crop_pct: cropFraction, do_center_crop: crops } = fields
  const shorter = sideOf(size, 'size')
  if (crops === true) {
    const side = sideOf(cropSize ?? size, 'crop_size')
    return { size: [side, side], cropFraction: Math.min(1, side / shorter) }
  }
  const isWhole = isFields(size) && 'height' in size
  if (isWhole && cropFraction === undefined) {
    throw malformed('size', 'that of the shorter side: resizing without regard to the proportions cannot be had', size)
  }
  // Above this, transformers resizes to the size itself.
  if (shorter >= 384) return { size: [shorter, shorter], cropFraction: 1 }
  return { size: [shorter, shorter], cropFraction: typeof cropFraction === 'number' ? cropFraction : 224 / 256 }
}

function sideOf(size: unknown, field: string): number {
  const side = isFields(size) ? (size.shortest_edge ?? (size.height === size.width ? size.height : undefined)) : size
  if (typeof side === 'number' && Number.isInteger(side) && side > 0) return side
  throw malformed(field, 'the side of a square, in pixels', size)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(field: string, expected: string, found: unknown): OptionError {
  const text = String(JSON.stringify(found))
  return new OptionError({
    subject: `the hub's configuration, field '${field}'`,
    expected,
    found: text.length > 80 ? `${text.slice(0, 80)}…` : text,
    advice: 'pass { preprocess } or { config } of your own',
  })
}
