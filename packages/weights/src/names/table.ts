import type { Shape } from '@resnet-ts/graph'

/** Whose names a checkpoint bears. */
export type NameSource = 'torchvision' | 'huggingface' | 'akamaster' | 'keras' | 'keras-v2' | 'mxnet' | 'mxnet-v2'

/** A checkpoint's keys and shapes, as it has them. */
export type KeyShapes = ReadonlyMap<string, Shape>

/** How a source's tensor becomes PyTorch's: axes in another order, and perhaps further ones of size 1. */
export interface Arrangement {
  /** Which axis of the source's each one is. */
  readonly axes: readonly number[]
  readonly shape: Shape
}

/** What a source calls a network's parameters. */
export interface NameTable {
  readonly source: NameSource
  /**
   * How to rename its keys to those of torchvision (or, for pre-activation networks, timm); nothing when the keys are
   * of another source. A key that is renamed to nothing is no parameter of the network.
   */
  rename(shapes: KeyShapes): ((key: string) => string | undefined) | undefined
  /** How its tensors differ in layout. @defaultValue not at all */
  readonly arrange?: ((renamed: string, shape: Shape) => Arrangement | undefined) | undefined
}

/**
 * What stands before all keys of a network, as wrappers such as `DataParallel` (`module.`), `torch.compile`
 * (`_orig_mod.`) and training scripts (`model.`) leave it: of several copies the plain one, and not a running average.
 *
 * @param anchor one of the network's own keys
 */
export function prefixBefore(shapes: KeyShapes, anchor: string): string | undefined {
  const average = (prefix: string) => Number(/ema|average|shadow|teacher/i.test(prefix))
  return [...shapes.keys()]
    .filter((key) => key === anchor || key.endsWith(`.${anchor}`))
    .map((key) => key.slice(0, -anchor.length))
    .sort((a, b) => average(a) - average(b) || a.length - b.length)[0]
}

/** Takes a prefix off; keys without it are of something else. */
export function withoutPrefix(key: string, prefix: string): string | undefined {
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined
}
