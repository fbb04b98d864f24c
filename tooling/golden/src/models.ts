import { dataFile, decodeFloats, once } from './read.js'
import type { GoldenKey } from './values.js'

/** What is known of a network with golden weights (see `goldenTensor`), whatever its family. */
export interface GoldenNetwork {
  readonly name: string
  /** What computed these numbers, and its version. */
  readonly source: string
  /** How many parameters it has (buffers such as running means not counted). */
  readonly params: number
  /** Every key and its shape in PyTorch's order, without `num_batches_tracked`. */
  readonly state: readonly GoldenKey[]
  /** The input: its values are those of `goldenInput(shape, key)`; its shape is `[n, c, h, w]`. */
  readonly input: { readonly key: string; readonly shape: readonly number[] }
  /** The shape, `[n, c, h, w]`, of the last feature map before pooling, and the mean of its absolute values. */
  readonly featureShape: readonly number[]
  readonly featureMeanAbs: number
  /** What the network answers, one row of classes. */
  readonly logits: Float32Array
  /** The index of the greatest logit. */
  readonly top1: number
}

/** A network of timm's, by its numbers. */
export interface GoldenModel extends GoldenNetwork {
  /** Multiply-accumulates of one 224×224 image: 2-D convolutions, ECA's 1-D ones and linear layers. */
  readonly macs224: number
  /** Elements that its 2-D convolutions put out for one 224×224 image. */
  readonly convActivations224: number
  /** timm's default configuration. */
  readonly cfg: GoldenConfig
}

/** A model's preprocessing and ends, as timm's default configuration has them. */
export interface GoldenConfig {
  /** `[channels, height, width]` */
  readonly input_size: readonly number[]
  readonly pool_size?: readonly number[]
  readonly crop_pct: number
  readonly interpolation: string
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly first_conv: string
  readonly classifier: string
}

/** A CIFAR network of the ResNet paper, by its numbers: 32×32 images, 10 classes, a head called `fc`. */
export interface GoldenCifarModel extends GoldenNetwork {
  /** The paper's option: A pads with zero channels, B projects where the shape changes, C projects everywhere. */
  readonly shortcut: 'A' | 'B' | 'C'
  /** Multiply-accumulates of one 32×32 image: 2-D convolutions and linear layers. */
  readonly macs32: number
  /** Elements that its 2-D convolutions put out for one 32×32 image. */
  readonly convActivations32: number
}

/** `timm`: its ResNet family; `timm-v2`: its pre-activation networks; `cifar`: the paper's CIFAR networks. */
export type GoldenFamily = 'timm' | 'timm-v2' | 'cifar'

type Packed<T> = Omit<T, 'logits'> & { readonly logits: string }

function family<T extends GoldenNetwork>(name: GoldenFamily): () => ReadonlyMap<string, T> {
  const read = dataFile<readonly Packed<T>[]>(name)
  return once(
    () =>
      new Map(read().map((model) => [model.name, { ...model, logits: decodeFloats(model.logits) } as unknown as T])),
  )
}

const families = {
  timm: family<GoldenModel>('timm'),
  'timm-v2': family<GoldenModel>('timm-v2'),
  cifar: family<GoldenCifarModel>('cifar'),
}

/** The names of a family's models, sorted. */
export function goldenModelNames(family: GoldenFamily): string[] {
  return [...families[family]().keys()]
}

/**
 * A model's numbers. A CIFAR network's name ends in its shortcut: `cifar_resnet20-A`.
 *
 * @throws {RangeError} when the family has no model of that name
 */
export function goldenModel(name: string, family?: 'timm' | 'timm-v2'): GoldenModel
export function goldenModel(name: string, family: 'cifar'): GoldenCifarModel
export function goldenModel(name: string, family: GoldenFamily = 'timm'): GoldenModel | GoldenCifarModel {
  const model = families[family]().get(name)
  if (model === undefined) throw new RangeError(`there are no golden numbers for a model of ${family} called ${name}`)
  return model
}
