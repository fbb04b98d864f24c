import { dataFile } from './read.js'

/** What is asked of timm's `create_model` beside a name. */
export interface GoldenModelOptions {
  readonly in_chans: number
  readonly output_stride?: 8 | 16
  /** 0: no head, so what comes out is the pooled features. */
  readonly num_classes?: number
  /** `''`: no pooling, so (with no classes) what comes out is the last feature map. */
  readonly global_pool?: '' | 'max' | 'avgmax' | 'catavgmax'
  readonly features_only?: true
  readonly out_indices?: readonly number[]
}

interface GoldenOptionBase {
  readonly name: string
  readonly options: GoldenModelOptions
  /** `[n, c, h, w]`; its values are those of `goldenInput(input)`. */
  readonly input: readonly number[]
}

/** What is known of a large output: not all of it. */
export interface GoldenSummary {
  /** In PyTorch's order: `[n, classes]`, or `[n, c, h, w]` for a feature map. */
  readonly shape: readonly number[]
  /** Its first few elements, in that order of axes. */
  readonly first: readonly number[]
  /** The mean of its absolute values. */
  readonly meanAbs: number
}

/** A network with one output. */
export interface GoldenOutputOption extends GoldenOptionBase, GoldenSummary {}

/** A network that puts out the feature maps of its stages. */
export interface GoldenFeaturesOption extends GoldenOptionBase {
  readonly features: readonly GoldenSummary[]
  /** timm's `feature_info` of each: its channels, how much smaller than the image it is, and what makes it. */
  readonly info: readonly {
    readonly num_chs: number
    readonly reduction: number
    readonly module: string
    readonly index: number
  }[]
}

/** One way to make a model other than the default; `'features' in option` tells the two kinds apart. */
export type GoldenOption = GoldenOutputOption | GoldenFeaturesOption

const read = dataFile<readonly GoldenOption[]>('timm-options')

/** What timm's models answer when made with options, with golden weights and inputs. */
export function goldenOptions(): readonly GoldenOption[] {
  return read()
}
