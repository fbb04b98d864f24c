/** A checkpoint's card, in the form of timm's `config.json` on the Hugging Face hub. */
export interface PretrainedConfig {
  /** A name of the zoo. */
  readonly architecture: string
  /** What else the architecture is built with. */
  readonly model_args: Readonly<Record<string, unknown>>
  readonly num_classes: number
  /** The classes' names, in the order of the logits. */
  readonly label_names: readonly string[]
  /** How a photograph is prepared, in timm's terms. */
  readonly pretrained_cfg: {
    /** `[channels, height, width]` */
    readonly input_size: readonly number[]
    readonly crop_pct: number
    readonly crop_mode: string
    readonly interpolation: string
    readonly mean: readonly number[]
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
  readonly recipe: string
  /** Of `total` test images, how many it classifies rightly. */
  readonly correct: number
  readonly total: number
  /** Shares in [0, 1] of test images whose class comes first, or among the first five. */
  readonly top1: number
  readonly top5: number
  /** A published network on the same data. */
  readonly referencePublished: string
  /** The first labels and probabilities of example photographs, by file. */
  readonly examples: Readonly<Record<string, readonly (readonly [label: string, probability: number])[]>>
}

/** A checkpoint that comes as a package. */
export interface Pretrained {
  readonly name: string
  readonly config: PretrainedConfig
  /** The safetensors file. It is brought in and decoded at each call, into memory that is the caller's. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}
