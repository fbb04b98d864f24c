import {
  groupNorm,
  preActivationAveragePoolProjection,
  preActivationBasicBlock,
  preActivationBottleneck,
} from '@resnet-ts/blocks'
import { imagenetPreprocess, type Preprocess } from '@resnet-ts/graph'
import { factory } from '../model.js'
import { type ResNetV2Options, resnetV2 } from '../resnetV2.js'

// Pre-activation networks (He et al. 2016b): plain, -D and -T as timm has them, and the BiT form (Kolesnikov et al.
// 2019) with weight-standardised convolutions and group norm.

/** Values from −1 to 1. */
const preprocess = { ...imagenetPreprocess, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const

type Part = Partial<ResNetV2Options> & { readonly preprocess?: Preprocess }
const d: Part = { stem: 'deep', projection: preActivationAveragePoolProjection }
const t: Part = { stem: 'tiered', projection: preActivationAveragePoolProjection }
const gn: Part = { norm: groupNorm }
const gluon: Part = { stemNorms: true, preprocess: imagenetPreprocess }
const bit: Part = { norm: groupNorm, standardise: 1e-8, zeroPadStem: true }

const basic = { block: preActivationBasicBlock }
const deep = { block: preActivationBottleneck }

function model(name: string, base: Pick<ResNetV2Options, 'block'>, blocks: readonly number[], ...parts: Part[]) {
  return factory<ResNetV2Options>(name, Object.assign({ preprocess, blocks }, base, ...parts), resnetV2)
}

/** Pre-activation ResNet-18, of basic blocks (He et al. 2016; timm `resnetv2_18`). */
export const resnetv2_18 = /* @__PURE__ */ model('resnetv2_18', basic, [2, 2, 2, 2])
/** Pre-activation ResNet-18-D: the deep stem and average-pooled shortcuts (timm `resnetv2_18d`). */
export const resnetv2_18d = /* @__PURE__ */ model('resnetv2_18d', basic, [2, 2, 2, 2], d)
/** Pre-activation ResNet-34, of basic blocks (He et al. 2016; timm `resnetv2_34`). */
export const resnetv2_34 = /* @__PURE__ */ model('resnetv2_34', basic, [3, 4, 6, 3])
/** Pre-activation ResNet-50, of bottlenecks (He et al. 2016; timm `resnetv2_50`). */
export const resnetv2_50 = /* @__PURE__ */ model('resnetv2_50', deep, [3, 4, 6, 3])
/** Pre-activation ResNet-50-D: the deep stem and average-pooled shortcuts (timm `resnetv2_50d`). */
export const resnetv2_50d = /* @__PURE__ */ model('resnetv2_50d', deep, [3, 4, 6, 3], d)
/** Pre-activation ResNet-50-T: the tiered stem and average-pooled shortcuts (timm `resnetv2_50t`). */
export const resnetv2_50t = /* @__PURE__ */ model('resnetv2_50t', deep, [3, 4, 6, 3], t)
/** Pre-activation ResNet-50-D with group normalisation (timm `resnetv2_50d_gn`). */
export const resnetv2_50d_gn = /* @__PURE__ */ model('resnetv2_50d_gn', deep, [3, 4, 6, 3], d, gn)
/** Pre-activation ResNet-101, of bottlenecks (He et al. 2016; timm `resnetv2_101`). */
export const resnetv2_101 = /* @__PURE__ */ model('resnetv2_101', deep, [3, 4, 23, 3])
/** Pre-activation ResNet-152, of bottlenecks (He et al. 2016; timm `resnetv2_152`). */
export const resnetv2_152 = /* @__PURE__ */ model('resnetv2_152', deep, [3, 8, 36, 3])
/**
 * BiT R50x1: pre-activation, group normalisation, standardised weights (Kolesnikov et al. 2019; timm
 * `resnetv2_50x1_bit`).
 */
export const resnetv2_50x1_bit = /* @__PURE__ */ model('resnetv2_50x1_bit', deep, [3, 4, 6, 3], bit)

// Gluon's second networks, of the ONNX model zoo.
/**
 * Gluon's `resnet18_v2`, of the ONNX model zoo: pre-activation, norms of the image and in the stem (He et al. 2016).
 */
export const gluon_resnet18_v2 = /* @__PURE__ */ model('gluon_resnet18_v2', basic, [2, 2, 2, 2], gluon)
/**
 * Gluon's `resnet34_v2`, of the ONNX model zoo: pre-activation, norms of the image and in the stem (He et al. 2016).
 */
export const gluon_resnet34_v2 = /* @__PURE__ */ model('gluon_resnet34_v2', basic, [3, 4, 6, 3], gluon)
/**
 * Gluon's `resnet50_v2`, of the ONNX model zoo: pre-activation, norms of the image and in the stem (He et al. 2016).
 */
export const gluon_resnet50_v2 = /* @__PURE__ */ model('gluon_resnet50_v2', deep, [3, 4, 6, 3], gluon)
/**
 * Gluon's `resnet101_v2`, of the ONNX model zoo: pre-activation, norms of the image and in the stem (He et al. 2016).
 */
export const gluon_resnet101_v2 = /* @__PURE__ */ model('gluon_resnet101_v2', deep, [3, 4, 23, 3], gluon)
/**
 * Gluon's `resnet152_v2`, of the ONNX model zoo: pre-activation, norms of the image and in the stem (He et al. 2016).
 */
export const gluon_resnet152_v2 = /* @__PURE__ */ model('gluon_resnet152_v2', deep, [3, 8, 36, 3], gluon)
