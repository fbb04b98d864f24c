import {
  averagePool,
  averagePoolProjection,
  basicBlock,
  blurPool,
  bottleneck,
  convolutionPoolStem,
  deepStem,
  efficientChannelAttention,
  groupNorm,
  projectionOf,
  squeezeExcitation,
  tieredStem,
} from '@resnet-ts/blocks'
import type { ResNetOptions } from './resnet.js'

type Part = Partial<ResNetOptions>

// What the suffixes of timm's names stand for (He et al. 2018, "Bag of Tricks", for C and D).

/** -C: the deep stem. */
export const c: Part = { stem: deepStem }
/** -D: the deep stem and the average-pool shortcut. */
export const d: Part = { stem: deepStem, projection: averagePoolProjection }
/** -S: a deep stem of twice the width. */
export const s: Part = { stem: deepStem, stemChannels: 128 }
/** -T: the tiered stem and the average-pool shortcut. */
export const t: Part = { stem: tieredStem, projection: averagePoolProjection }
/** SE: squeeze and excitation. */
export const se: Part = { attention: /* @__PURE__ */ squeezeExcitation() }
/** ECA: efficient channel attention. */
export const eca: Part = { attention: efficientChannelAttention }
/** AA: antialiased by average pooling. */
export const aa: Part = { antiAlias: averagePool }
/** Blur: antialiased by blur pooling. */
export const blur: Part = { antiAlias: blurPool }
/** GN: group normalisation. */
export const gn: Part = { norm: groupNorm }
/** The light shortcut of ECA-ResNet-Light: average-pooled, with the plain stem. */
export const averaged: Part = { projection: averagePoolProjection }
/** ResNet-RS (Bello et al. 2021): deep stem that pools by a convolution, average-pool shortcut, SE of a quarter. */
export const rs: Part = {
  stem: convolutionPoolStem,
  projection: averagePoolProjection,
  attention: /* @__PURE__ */ squeezeExcitation({ reduction: 1 / 4 }),
}
/** SENet-154 (Hu et al. 2017). */
export const senet: Part = {
  stem: deepStem,
  stemChannels: 128,
  projection: /* @__PURE__ */ projectionOf({ kernel: 3 }),
  reduceFirst: 2,
}

/** Groups × channels of a group (Xie et al. 2016). */
export const x32x4: Part = { groups: 32, widthPerGroup: 4 }
export const x32x8: Part = { groups: 32, widthPerGroup: 8 }
export const x32x16: Part = { groups: 32, widthPerGroup: 16 }
export const x32x32: Part = { groups: 32, widthPerGroup: 32 }
export const x64x4: Part = { groups: 64, widthPerGroup: 4 }
/** Twice the width (Zagoruyko and Komodakis 2016). */
export const wide: Part = { widthPerGroup: 128 }

/** Basic blocks. */
export const basic = { block: basicBlock }
/** Bottlenecks. */
export const deep = { block: bottleneck }
