import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OptionError } from './errors.js'
import {
  checkPreprocess,
  imagenetPreprocess,
  type Preprocess,
  preprocessFromTimm,
  type TimmPretrainedConfig,
} from './preprocess.js'
import { refusal } from './testing/errors.js'

/** A `pretrained_cfg` as timm publishes it, with the fields that do not matter here too. */
const published = {
  url: 'https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-rsb-weights/resnet50_a1_0-14fe96d1.pth',
  hf_hub_id: 'timm/resnet50.a1_in1k',
  num_classes: 1000,
  input_size: [3, 224, 224],
  test_input_size: [3, 288, 288],
  pool_size: [7, 7],
  crop_pct: 0.95,
  test_crop_pct: 1.0,
  crop_mode: 'center',
  interpolation: 'bicubic',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  first_conv: 'conv1',
  classifier: 'fc',
}

describe('preprocessFromTimm', () => {
  test.each<[string, TimmPretrainedConfig, Preprocess]>([
    [
      'resnet50.a1_in1k',
      published,
      {
        size: [224, 224],
        cropFraction: 0.95,
        interpolation: 'bicubic',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
    ],
    ['resnet50.tv_in1k', { ...published, crop_pct: 0.875, interpolation: 'bilinear' }, imagenetPreprocess],
    ['resnet50.gluon_in1k', { ...published, crop_pct: 0.875 }, { ...imagenetPreprocess, interpolation: 'bicubic' }],
    [
      'resnet200d.ra2_in1k',
      { ...published, input_size: [3, 256, 256] },
      { ...imagenetPreprocess, size: [256, 256], cropFraction: 0.95, interpolation: 'bicubic' },
    ],
    [
      'test_resnet.r160_in1k',
      {
        ...published,
        input_size: [3, 160, 160],
        interpolation: 'bilinear',
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
      { size: [160, 160], cropFraction: 0.95, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    ],
    [
      'an input that is not square: height comes first',
      { input_size: [3, 160, 192] },
      { ...imagenetPreprocess, size: [160, 192], interpolation: 'bicubic' },
    ],
  ])('reads %s', (_name, config, expected) => {
    expect(preprocessFromTimm(config)).toEqual(expected)
  })

  test("fills in timm's defaults, for fields that are left out and for null", () => {
    const defaults = { ...imagenetPreprocess, interpolation: 'bicubic' }
    expect(preprocessFromTimm({})).toEqual(defaults)
    const nothing = { input_size: null, crop_pct: null, crop_mode: null, interpolation: null, mean: null, std: null }
    expect(preprocessFromTimm(nothing as unknown as TimmPretrainedConfig)).toEqual(defaults)
  })

  test.each<[field: string, value: unknown, expected: string, found: string]>([
    ['input_size', [3, 224], '[3, height, width]', '[3, 224]'],
    ['input_size', [3, 224, 224, 1], '[3, height, width]', '[3, 224, 224, 1]'],
    ['input_size', [1, 28, 28], '[3, height, width]', '[1, 28, 28]'],
    ['input_size', [224, 224, 3], '[3, height, width]', '[224, 224, 3]'],
    ['input_size', ['3', '224', '224'], '[3, height, width]', "['3', '224', '224']"],
    ['input_size', [3, Number.NaN, 224], '[3, height, width]', '[3, NaN, 224]'],
    ['input_size', [3, null, 224], '[3, height, width]', '[3, null, 224]'],
    ['input_size', holes(3, { 0: 3 }), '[3, height, width]', '[3, undefined, undefined]'],
    ['input_size', '3x224x224', '[3, height, width]', "'3x224x224'"],
    ['input_size', 224, '[3, height, width]', '224'],
    ['input_size', { length: 3, 0: 3, 1: 224, 2: 224 }, '[3, height, width]', 'an object'],
    ['input_size', [3, 0, 224], 'whole numbers of pixels from 1 to 16384', '[0, 224]'],
    ['input_size', [3, 224, -1], 'whole numbers of pixels from 1 to 16384', '[224, -1]'],
    ['input_size', [3, 224.5, 224], 'whole numbers of pixels from 1 to 16384', '[224.5, 224]'],
    ['input_size', [3, 16385, 224], 'whole numbers of pixels from 1 to 16384', '[16385, 224]'],
    ['crop_pct', 0, 'a number in (0, 1]', '0'],
    ['crop_pct', 1.01, 'a number in (0, 1]', '1.01'],
    ['crop_pct', -0.5, 'a number in (0, 1]', '-0.5'],
    ['crop_pct', Number.NaN, 'a number in (0, 1]', 'NaN'],
    ['crop_pct', '0.875', 'a number in (0, 1]', "'0.875'"],
    ['crop_pct', [0.875], 'a number in (0, 1]', '[0.875]'],
    ['crop_pct', true, 'a number in (0, 1]', 'true'],
    ['crop_pct', 1n, 'a number in (0, 1]', '1'],
    ['crop_mode', 'squash', "'center'", "'squash'"],
    ['crop_mode', 'border', "'center'", "'border'"],
    ['crop_mode', 3, "'center'", '3'],
    ['interpolation', 'lanczos', 'one of bilinear, bicubic', "'lanczos'"],
    ['interpolation', 'random', 'one of bilinear, bicubic', "'random'"],
    ['interpolation', '', 'one of bilinear, bicubic', "''"],
    ['interpolation', ['bicubic'], 'one of bilinear, bicubic', "['bicubic']"],
    ['mean', [0.5], 'three numbers', '[0.5]'],
    ['mean', 0.5, 'three numbers', '0.5'],
    ['mean', ['0.5', 0.5, 0.5], 'three numbers', "['0.5', 0.5, 0.5]"],
    ['mean', [0.5, Number.POSITIVE_INFINITY, 0.5], 'three numbers', '[0.5, Infinity, 0.5]'],
    ['mean', holes(3, { 1: 0.5 }), 'three numbers', '[undefined, 0.5, undefined]'],
    ['mean', new Float32Array(3), 'three numbers', 'an object'],
    ['std', [0.2, 0.2], 'three numbers above zero', '[0.2, 0.2]'],
    ['std', [0.2, 0, 0.2], 'three numbers above zero', '[0.2, 0, 0.2]'],
    ['std', [0.2, -0.2, 0.2], 'three numbers above zero', '[0.2, -0.2, 0.2]'],
    ['std', [0.2, Number.NaN, 0.2], 'three numbers above zero', '[0.2, NaN, 0.2]'],
    ['std', holes(3, {}), 'three numbers above zero', '[undefined, undefined, undefined]'],
    ['std', 'imagenet', 'three numbers above zero', "'imagenet'"],
  ])('refuses %s: %o', (field, value, expected, found) => {
    const config = { ...published, [field]: value } as TimmPretrainedConfig
    expect(refusal(() => preprocessFromTimm(config))).toMatchObject({
      name: 'OptionError',
      subject: `preprocessing field '${field}'`,
      expected,
      found,
    })
  })

  test.each([null, undefined, 'resnet50', 3, []])('refuses %o for a configuration', (config) => {
    expect(refusal(() => preprocessFromTimm(config as TimmPretrainedConfig))).toMatchObject({
      name: 'OptionError',
      subject: 'preprocessing',
    })
  })

  test('refuses whatever else there may be, or yields what can be carried out', () => {
    const junk = fc.oneof(fc.anything(), fc.array(fc.double(), { maxLength: 4 }), fc.double(), fc.string())
    const field = fc.constantFrom('input_size', 'crop_pct', 'crop_mode', 'interpolation', 'mean', 'std')
    fc.assert(
      fc.property(field, junk, (name, value) => {
        let preprocess: Preprocess
        try {
          preprocess = preprocessFromTimm({ ...published, [name]: value } as TimmPretrainedConfig)
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError)
          return
        }
        expect(() => checkPreprocess(preprocess)).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})

describe('checkPreprocess', () => {
  test.each<Partial<Preprocess>>([
    {},
    { size: [1, 16384], cropFraction: 1 },
    { cropFraction: 1e-3, interpolation: 'bicubic', mean: [0, -1, 2], std: [1e-6, 1, 255] },
    { channelOrder: 'rgb' },
    { channelOrder: 'bgr' },
    { channelOrder: undefined },
  ])('takes %o', (changes) => {
    expect(() => checkPreprocess({ ...imagenetPreprocess, ...changes })).not.toThrow()
  })

  test.each<[field: keyof Preprocess, value: unknown, expected: string]>([
    ['size', [224], 'whole numbers of pixels from 1 to 16384'],
    ['size', 224, 'whole numbers of pixels from 1 to 16384'],
    ['size', undefined, 'whole numbers of pixels from 1 to 16384'],
    ['size', holes(2, { 0: 224 }), 'whole numbers of pixels from 1 to 16384'],
    ['size', ['224', 224], 'whole numbers of pixels from 1 to 16384'],
    ['cropFraction', '1', 'a number in (0, 1]'],
    ['cropFraction', undefined, 'a number in (0, 1]'],
    ['interpolation', 'nearest', 'one of bilinear, bicubic'],
    ['interpolation', undefined, 'one of bilinear, bicubic'],
    ['mean', null, 'three numbers'],
    ['std', [1, 1, 0], 'three numbers above zero'],
    ['channelOrder', 'BGR', 'one of rgb, bgr'],
    ['channelOrder', null, 'one of rgb, bgr'],
  ])('refuses %s: %o by its own name', (field, value, expected) => {
    expect(refusal(() => checkPreprocess({ ...imagenetPreprocess, [field]: value }))).toMatchObject({
      name: 'OptionError',
      subject: `preprocessing field '${field}'`,
      expected,
    })
  })

  test.each([null, undefined, 'imagenet', []])('refuses %o', (value) => {
    expect(refusal(() => checkPreprocess(value as unknown as Preprocess))).toMatchObject({ subject: 'preprocessing' })
  })
})

/** A list of some length with items at some places only. */
function holes(length: number, items: Readonly<Record<number, number>>): number[] {
  return Object.assign(new Array<number>(length), items)
}
