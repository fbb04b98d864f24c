import type { Preprocess } from '@resnet-ts/graph'
import type { ModelOptions } from '@resnet-ts/zoo'
import type { Prediction, Progress, Timings } from 'resnet-ts'
import type { Method } from '../remote/protocol.js'

// What the worker that owns the model offers. Types alone: the page imports them, and none of what computes.

/** Pictures of numbers are drawn on the page's own ground. */
export type Theme = 'light' | 'dark'

export type BackendId = 'wasm' | 'tfjs' | 'webgpu'

/** What computes, as a person chooses it. */
export interface BackendChoice {
  readonly backend: BackendId
  readonly threads: number
}

/** A backend, and whether it can be chosen here. */
export interface BackendState {
  readonly id: BackendId
  readonly name: string
  readonly about: string
  /** Why it cannot be chosen, in words a person can act on. */
  readonly reason?: string | undefined
  /** The most threads there are, and why there are no more. */
  readonly threads: { readonly most: number; readonly reason?: string | undefined }
}

/** Where a model comes from. */
export type ModelOrigin =
  | { readonly kind: 'embedded' }
  /** A name that `load` knows: of the zoo with its tag, or of a repository of the hub. */
  | { readonly kind: 'hub'; readonly name: string }
  | {
      readonly kind: 'file'
      /** The checkpoint, all its parts, and a card if there is one. */
      readonly files: readonly File[]
      /** A name of the zoo, where the checkpoint does not tell or is to be taken for another. */
      readonly architecture?: string | undefined
    }
  /** Of that architecture, with weights drawn afresh: for measuring. */
  | { readonly kind: 'drawn'; readonly architecture: string }

/** A checkpoint on the hub. */
export interface Published {
  /** `resnet50.a1_in1k` */
  readonly name: string
  readonly classes: number
  /** Of its images, in pixels. */
  readonly size: number
  /** Top-1 on ImageNet-1k in percent, where it is published. */
  readonly accuracy: number | undefined
  readonly license: string | undefined
}

export interface LoadRequest extends BackendChoice {
  readonly origin: ModelOrigin
  /** The classes' names, a file of lines or of JSON. */
  readonly labels?: File | undefined
  /** Measures what each node takes, which costs a little. */
  readonly profile?: boolean | undefined
}

export type LoadStep =
  | ({ readonly kind: 'fetching' } & Progress)
  | { readonly kind: 'reading' }
  | { readonly kind: 'preparing' }

/** A block of the network as the page Inside shows it. */
export interface BlockInfo {
  /** `layer1.0` */
  readonly name: string
  readonly stage: string
  readonly kind: string
  /** Whether the shortcut changes its value on the way. */
  readonly dashed: boolean
}

export interface ModelInfo {
  /** `resnet50` */
  readonly architecture: string
  /** `resnet50.a1_in1k`, `my-flowers.safetensors` */
  readonly title: string
  readonly origin: ModelOrigin
  readonly classes: number
  /** Whether the classes have names. */
  readonly named: boolean
  readonly preprocess: Preprocess
  readonly parameters: number
  /** Of one image at the size of `preprocess`. */
  readonly macs: number
  readonly backend: BackendId
  /** As many as were asked for. */
  readonly threads: number
  readonly device: string
  readonly notes: readonly string[]
  readonly memoryBytes: number | undefined
  /** How a network that a file told is built, beyond its architecture's own way. */
  readonly options: ModelOptions
  /** The name of the file that the classes' names came from. */
  readonly labels: string | undefined
  /** Other architectures whose keys and shapes are the same, where the checkpoint told this one. */
  readonly alternatives: readonly string[]
  readonly blocks: readonly BlockInfo[]
}

/** A photograph as it is shown. */
export interface OpenedPhoto {
  /** In full, before it was made small enough to be shown. */
  readonly width: number
  readonly height: number
  readonly decode: number
  readonly display: ImageBitmap
}

export interface Classification {
  readonly predictions: readonly Prediction[]
  /** In milliseconds. */
  readonly timings: Timings
}

export interface ClassifiedPhoto extends Classification {
  /** What the network sees: resized and cropped, before it is normalised. */
  readonly seen: ImageBitmap
}

export interface Explained {
  readonly index: number
  readonly overlay: ImageBitmap
  readonly cells: readonly [height: number, width: number]
}

/** One channel of a block's sum, as pictures of the same scale. */
export interface ChannelPictures {
  readonly channel: number
  /** The mean of the values' squares' root: how strong it is after the sum. */
  readonly strength: number
  /** The greatest value in any of the pictures, which is their scale. */
  readonly greatest: number
  readonly shortcut: ImageBitmap
  readonly residual: ImageBitmap
  readonly sum: ImageBitmap
  readonly output: ImageBitmap
}

/** What a block does to a photograph. */
export interface InsideBlock {
  readonly name: string
  /** Root mean squares over the whole map. */
  readonly shortcutStrength: number
  readonly residualStrength: number
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly channels: readonly ChannelPictures[]
}

/** A block in brief, for the way through the network. */
export interface InsideStep {
  readonly name: string
  /** The mean of the channels' absolute values. */
  readonly picture: ImageBitmap
  readonly shortcutStrength: number
  readonly residualStrength: number
}

export interface Measurement {
  readonly device: string
  readonly notes: readonly string[]
  readonly memoryBytes: number | undefined
  /** Milliseconds until the network was ready, its weights at hand. */
  readonly preparing: number
  /** Milliseconds of each run, after the first two. */
  readonly runs: readonly number[]
  /** Of the median run's like, where the backend tells. */
  readonly layers: readonly LayerTime[] | undefined
}

export interface LayerTime {
  readonly node: string
  readonly kernel: string
  readonly milliseconds: number
  readonly macs: number
}

// biome-ignore lint/style/useConsistentTypeDefinitions: an interface has no index signature, which Methods asks for
export type ModelMethods = {
  backends: Method<undefined, readonly BackendState[]>
  published: Method<undefined, readonly Published[]>
  /** The names of the zoo's models. */
  architectures: Method<undefined, readonly string[]>
  load: Method<LoadRequest, ModelInfo, LoadStep>
  open: Method<Blob | ImageBitmap, OpenedPhoto>
  classify: Method<undefined, ClassifiedPhoto>
  /** A frame of a camera: it does not become the photograph that is open. */
  frame: Method<ImageBitmap, Classification>
  explain: Method<number, Explained>
  steps: Method<{ readonly stage: string; readonly theme: Theme }, readonly InsideStep[]>
  block: Method<{ readonly name: string; readonly channels: number; readonly theme: Theme }, InsideBlock>
  /** The model in use, with its weights. */
  onnx: Method<undefined, Blob>
  measure: Method<{ readonly milliseconds: number }, Measurement, { readonly run: number }>
}
