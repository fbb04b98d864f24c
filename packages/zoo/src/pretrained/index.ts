import { type Interpolation, imagenetPreprocess, type Preprocess } from '@resnet-ts/graph'
import { releases, type TimmDifferences, timmRows } from './timm.data.js'
import { torchvisionRows } from './torchvision.data.js'

/** A published checkpoint: where it is and how its photographs are prepared. */
export interface PretrainedCheckpoint {
  /** A name of the zoo. */
  readonly architecture: string
  /** What tells the architecture's checkpoints apart: `a1_in1k`, `IMAGENET1K_V2`. */
  readonly tag: string
  /** Who published it. */
  readonly source: 'timm' | 'torchvision'
  /** The repository on the Hugging Face hub; undefined for torchvision's. */
  readonly hub: string | undefined
  /** The file it was published as, where that is known. */
  readonly url: string | undefined
  /** 1,000 are ImageNet-1k's, 11,821 those of timm's ImageNet-12k, a part of ImageNet-22k, known by index alone. */
  readonly numClasses: number
  /** How photographs are prepared for it, as who published it says. */
  readonly preprocess: Preprocess
  /** The preprocessing with which it scores best, where its authors name another. */
  readonly testPreprocess: Preprocess | undefined
  /** SPDX, where it is known. */
  readonly license: string | undefined
  /** Published accuracy on ImageNet-1k, in percent; undefined where no figure is certain. */
  readonly accuracy:
    | {
        /** Images whose class comes first. */
        readonly top1: number
        /** Images whose class is among the first five. */
        readonly top5: number
      }
    | undefined
}

/** timm's checkpoints of the zoo; the first of an architecture is its default, as in timm. */
export const timmCheckpoints: readonly PretrainedCheckpoint[] = /* @__PURE__ */ timmRows.map(
  ([architecture, tag, differences = {}]) => ({
    architecture,
    tag,
    source: 'timm',
    hub: `timm/${architecture}.${tag}`,
    url: differences.file && urlOf(differences.file),
    numClasses: differences.classes ?? 1000,
    preprocess: preprocessOf(differences, differences.size ?? 224, differences.crop ?? 0.875),
    testPreprocess: testPreprocessOf(differences),
    license: differences.license ?? 'apache-2.0',
    accuracy: undefined,
  }),
)

/** torchvision's weights of the zoo, V1 and V2. */
export const torchvisionCheckpoints: readonly PretrainedCheckpoint[] = /* @__PURE__ */ torchvisionRows.map(
  ([architecture, tag, file, resize, top1, top5]) => ({
    architecture,
    tag,
    source: 'torchvision',
    hub: undefined,
    url: releases.torch + file,
    numClasses: 1000,
    preprocess: { ...imagenetPreprocess, cropFraction: 224 / resize },
    testPreprocess: undefined,
    license: 'bsd-3-clause',
    accuracy: { top1, top5 },
  }),
)

/**
 * The published checkpoint of a name: `resnet50` is the architecture's default tag, that of timm;
 * `resnet50.a1_in1k` and `resnet50.IMAGENET1K_V2` are those. Undefined when there is none.
 */
export function findCheckpoint(name: string): PretrainedCheckpoint | undefined {
  return [...timmCheckpoints, ...torchvisionCheckpoints].find(
    ({ architecture, tag }) => name === architecture || name === `${architecture}.${tag}`,
  )
}

function urlOf(file: string): string {
  const colon = file.indexOf(':')
  return releases[file.slice(0, colon)] + file.slice(colon + 1)
}

function preprocessOf(differences: TimmDifferences, size: number, crop: number): Preprocess {
  const interpolation: Interpolation = differences.interpolation ?? 'bicubic'
  const { mean, std } = differences.half
    ? ({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const)
    : imagenetPreprocess
  return { size: [size, size], cropFraction: crop, interpolation, mean, std }
}

function testPreprocessOf(differences: TimmDifferences): Preprocess | undefined {
  const { size = 224, crop = 0.875, testSize, testCrop } = differences
  if (testSize === undefined && testCrop === undefined) return undefined
  return preprocessOf(differences, testSize ?? size, testCrop ?? crop)
}
