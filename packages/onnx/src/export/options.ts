import { checkPreprocess, OptionError, type Preprocess } from '@resnet-ts/graph'
import type { WeightDType } from './tensors.js'

/** How a network is written as ONNX. */
export interface OnnxOptions {
  /**
   * The version of ONNX's operators, from 13 to 21. All are written with the same nodes; a greater number only keeps
   * older runtimes out.
   *
   * @defaultValue 17
   */
  readonly opset?: number | undefined
  /**
   * The order of axes of images and feature maps that go in and come out: `nchw`, `[batch, channels, height, width]`, is
   * what users of ONNX expect; `nhwc`, `[batch, height, width, channels]`, is this project's own.
   *
   * @defaultValue `nchw`
   */
  readonly layout?: 'nchw' | 'nhwc' | undefined
  /**
   * How the weights of convolutions and linear layers are stored. With `float16` the file is half as large; it computes
   * in float32 all the same, and needs no runtime that can do otherwise.
   *
   * @defaultValue `float32`
   */
  readonly dtype?: WeightDType | undefined
  /** The names of the classes, written to `metadata_props` under `labels`, as a list in JSON. */
  readonly labels?: readonly string[] | undefined
  /** How a photograph becomes the input, written to `metadata_props` under `preprocess`, as an object in JSON. */
  readonly preprocess?: Preprocess | undefined
  /** Any further `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** The versions of the file format by the first version of the operators that needs it. */
const irVersions: readonly (readonly [opset: number, irVersion: number])[] = [
  [21, 10],
  [19, 9],
  [15, 8],
  [13, 7],
]

/** Options, checked and with their defaults. */
export interface CheckedOptions {
  readonly opset: number
  readonly irVersion: number
  readonly layout: 'nchw' | 'nhwc'
  readonly dtype: WeightDType
  readonly metadata: ReadonlyMap<string, string>
}

/** @throws {OptionError} naming the first option that is out of range */
export function checkOptions({ opset = 17, layout = 'nchw', dtype = 'float32', ...rest }: OnnxOptions): CheckedOptions {
  require('opset', Number.isInteger(opset) && opset >= 13 && opset <= 21, 'a whole number from 13 to 21', opset)
  require('layout', layout === 'nchw' || layout === 'nhwc', "'nchw' or 'nhwc'", layout)
  require('dtype', dtype === 'float32' || dtype === 'float16', "'float32' or 'float16'", dtype)
  const irVersion = irVersions.find(([first]) => opset >= first)?.[1] as number
  return { opset, irVersion, layout, dtype, metadata: metadataOf(rest) }
}

function metadataOf({ labels, preprocess, metadata = {} }: OnnxOptions): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  if (labels !== undefined) {
    require('labels', Array.isArray(labels) && labels.every(isText), 'a list of names', labels)
    entries.set('labels', JSON.stringify(labels))
  }
  if (preprocess !== undefined) {
    checkPreprocess(preprocess)
    entries.set('preprocess', JSON.stringify(preprocess))
  }
  for (const [key, value] of Object.entries(metadata)) {
    require('metadata', isText(value), `a text under '${key}'`, value)
    require('metadata', !entries.has(key), 'keys other than labels and preprocess', key)
    entries.set(key, value)
  }
  return entries
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function require(option: string, fits: boolean, expected: string, found: unknown): void {
  if (!fits) throw new OptionError({ subject: `option ${option}`, expected, found: String(found) })
}
