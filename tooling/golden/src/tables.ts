import { dataFile } from './read.js'

/** A checkpoint that timm publishes, and its preprocessing. Sizes are `[channels, height, width]`. */
export interface TimmPretrained {
  readonly architecture: string
  readonly tag: string
  readonly hf_hub_id: string
  readonly url: string
  readonly license: string
  readonly origin_url?: string
  readonly num_classes: number
  readonly input_size: readonly number[]
  readonly test_input_size?: readonly number[]
  readonly pool_size: readonly number[]
  readonly crop_pct: number
  readonly test_crop_pct?: number
  readonly crop_mode: string
  readonly interpolation: string
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly first_conv: string
  readonly classifier: string
}

/** A checkpoint that torchvision publishes, and its preprocessing. */
export interface TorchvisionWeights {
  /** The enumeration it belongs to, such as `ResNet50_Weights`, and its name there, such as `IMAGENET1K_V2`. */
  readonly enum: string
  readonly name: string
  readonly url: string
  readonly file: string
  readonly num_params: number
  /** In per cent. */
  readonly metrics: { readonly 'ImageNet-1K': { readonly 'acc@1': number; readonly 'acc@5': number } }
  readonly recipe: string
  readonly crop_size: number
  readonly resize_size: number
  readonly interpolation: string
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

/** What PyTorch answers with a published CIFAR-10 checkpoint (shortcut A, its head called `linear`). */
export interface CifarPredictions {
  readonly checkpoint: string
  readonly source: string
  /** Which images. */
  readonly data: string
  readonly preprocess: {
    readonly size: readonly number[]
    readonly resize: null
    readonly mean: readonly number[]
    readonly std: readonly number[]
  }
  readonly classes: readonly string[]
  /** In what order `predictions` goes through the images. */
  readonly order: string
  readonly correct: number
  readonly total: number
  /** One digit an image: the index of its class. */
  readonly predictions: string
  /** The logits of a few images, by their path in the archive. */
  readonly firstLogits: Readonly<Record<string, readonly number[]>>
}

const readPretrained = dataFile<readonly TimmPretrained[]>('timm-pretrained')
const readTorchvision = dataFile<readonly TorchvisionWeights[]>('torchvision-weights')
const readCategories = dataFile<readonly string[]>('imagenet-1k-categories')
const readCifar = dataFile<CifarPredictions>('cifar10-resnet20')

/** The checkpoints of the ResNet family that timm publishes. */
export function timmPretrained(): readonly TimmPretrained[] {
  return readPretrained()
}

/** The checkpoints of ResNets that torchvision publishes. */
export function torchvisionWeights(): readonly TorchvisionWeights[] {
  return readTorchvision()
}

/** torchvision's names of the 1,000 classes of ImageNet, in the order of the logits. */
export function imagenetCategories(): readonly string[] {
  return readCategories()
}

/** What PyTorch answers for the CIFAR-10 test images with a published checkpoint of ResNet-20. */
export function cifarPredictions(): CifarPredictions {
  return readCifar()
}
