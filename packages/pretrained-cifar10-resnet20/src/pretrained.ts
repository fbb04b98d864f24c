/** A checkpoint's card, in the form of timm's `config.json` on the Hugging Face hub. */
export interface PretrainedConfig {
  /** A name of the zoo. */
  readonly architecture: string
  /** What else the architecture is built with. */
  readonly model_args: Readonly<Record<string, unknown>>
  /** The length of the logits. */
  readonly num_classes: number
  /** The classes' names, in the order of the logits. */
  readonly label_names: readonly string[]
  /** How a photograph is prepared, in timm's terms. */
  readonly pretrained_cfg: {
    /** `[channels, height, width]` */
    readonly input_size: readonly number[]
    /** The share of the shorter side that the crop keeps. */
    readonly crop_pct: number
    /** Where the crop is: `center`. */
    readonly crop_mode: string
    /** The filter of the resize: `bilinear` or `bicubic`. */
    readonly interpolation: string
    /** Of red, green and blue, of values in [0, 1]. */
    readonly mean: readonly number[]
    /** Standard deviations of red, green and blue, of values in [0, 1]. */
    readonly std: readonly number[]
  }
  /** An SPDX name. */
  readonly license: string
  /** Of the safetensors file, in hexadecimal. */
  readonly sha256: string
  /** How many numbers were trained. */
  readonly parameters: number
  /** What it was trained and evaluated on. */
  readonly data: string
  /** How it was trained. */
  readonly recipe: string
  /** Of `total` test images, how many it classifies rightly. */
  readonly correct: number
  /** How many test images there are. */
  readonly total: number
  /** The share of test images whose class comes first, in [0, 1]. */
  readonly top1: number
  /** The share of test images whose class is among the first five, in [0, 1]. */
  readonly top5: number
  /** A published network on the same data. */
  readonly referencePublished: string
  /** The first labels and probabilities of example photographs, by file. */
  readonly examples: Readonly<Record<string, readonly (readonly [label: string, probability: number])[]>>
}

/** A checkpoint that comes as a package. */
export interface Pretrained {
  /** `cifar10-resnet20`: what `load` calls it. */
  readonly name: string
  /** Its card. */
  readonly config: PretrainedConfig
  /** The safetensors file. It is brought in and decoded at each call, into memory that is the caller's. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}
