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

export const resnetv2_18 = /* @__PURE__ */ model('resnetv2_18', basic, [2, 2, 2, 2])
export const resnetv2_18d = /* @__PURE__ */ model('resnetv2_18d', basic, [2, 2, 2, 2], d)
export const resnetv2_34 = /* @__PURE__ */ model('resnetv2_34', basic, [3, 4, 6, 3])
export const resnetv2_50 = /* @__PURE__ */ model('resnetv2_50', deep, [3, 4, 6, 3])
export const resnetv2_50d = /* @__PURE__ */ model('resnetv2_50d', deep, [3, 4, 6, 3], d)
export const resnetv2_50t = /* @__PURE__ */ model('resnetv2_50t', deep, [3, 4, 6, 3], t)
export const resnetv2_50d_gn = /* @__PURE__ */ model('resnetv2_50d_gn', deep, [3, 4, 6, 3], d, gn)
export const resnetv2_101 = /* @__PURE__ */ model('resnetv2_101', deep, [3, 4, 23, 3])
export const resnetv2_152 = /* @__PURE__ */ model('resnetv2_152', deep, [3, 8, 36, 3])
export const resnetv2_50x1_bit = /* @__PURE__ */ model('resnetv2_50x1_bit', deep, [3, 4, 6, 3], bit)

// Gluon's second networks, of the ONNX model zoo.
export const gluon_resnet18_v2 = /* @__PURE__ */ model('gluon_resnet18_v2', basic, [2, 2, 2, 2], gluon)
export const gluon_resnet34_v2 = /* @__PURE__ */ model('gluon_resnet34_v2', basic, [3, 4, 6, 3], gluon)
export const gluon_resnet50_v2 = /* @__PURE__ */ model('gluon_resnet50_v2', deep, [3, 4, 6, 3], gluon)
export const gluon_resnet101_v2 = /* @__PURE__ */ model('gluon_resnet101_v2', deep, [3, 4, 23, 3], gluon)
export const gluon_resnet152_v2 = /* @__PURE__ */ model('gluon_resnet152_v2', deep, [3, 8, 36, 3], gluon)
