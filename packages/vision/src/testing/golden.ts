import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Interpolation, Preprocess } from '@resnet-ts/graph'

type Pair = readonly [number, number]

export interface PhotographCase {
  readonly image: string
  readonly decoded: Pair
  readonly resizeShorterSideTo: number
  readonly resized: Pair
  readonly crop: number
  readonly interpolation: Interpolation
  readonly expected: string | null
  readonly sha256OfRGB: string
  readonly sha256OfNormalized: string
  readonly normalizedMean: readonly number[]
  readonly normalizedFirst: readonly number[]
}

/** What `tooling/golden/preprocess.py` writes to `synthetic.json`; images are `noise`, sizes `[width, height]`. */
export interface Synthetic {
  readonly resize: readonly {
    readonly from: Pair
    readonly to: Pair
    readonly interpolation: Interpolation
    readonly sha256: string
  }[]
  readonly crop: readonly {
    readonly from: Pair
    /** `[height, width]` */
    readonly target: Pair
    /** `[height, width]` */
    readonly crop: Pair
    readonly interpolation: Interpolation
    readonly sha256: string
    readonly sha256OfNormalized: string
  }[]
  readonly cmyk: { readonly sha256: string }
  readonly orientation: readonly { readonly orientation: number; readonly size: Pair; readonly hex: string }[]
}

const folder = new URL('../../golden/', import.meta.url)

export const photographs: readonly PhotographCase[] = read<{ cases: PhotographCase[] }>('photographs.json').cases
export const synthetic: Synthetic = read('synthetic.json')

/** The path of a file among the golden ones. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(name, folder))
}

/** The path of a photograph among the examples. */
export function examplePath(name: string): string {
  return fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url))
}

/** ImageNet's normalisation, with another size. */
export function imagenetAt(size: Pair, cropFraction: number, interpolation: Interpolation): Preprocess {
  return { size, cropFraction, interpolation, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T
}
