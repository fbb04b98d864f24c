import { model } from '../model.js'
import { basic, c, d, deep, s, t } from '../variants.js'

// Other stems and shortcuts: -C, -D, -S and -T (He et al. 2018, "Bag of Tricks", and timm).

/** ResNet-50-C: three 3×3 convolutions in the stem (He et al. 2018; timm `resnet50c`). */
export const resnet50c = /* @__PURE__ */ model('resnet50c', deep, [3, 4, 6, 3], c)
/** ResNet-101-C: three 3×3 convolutions in the stem (He et al. 2018; timm `resnet101c`). */
export const resnet101c = /* @__PURE__ */ model('resnet101c', deep, [3, 4, 23, 3], c)
/** ResNet-152-C: three 3×3 convolutions in the stem (He et al. 2018; timm `resnet152c`). */
export const resnet152c = /* @__PURE__ */ model('resnet152c', deep, [3, 8, 36, 3], c)
/** ResNet-18-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet18d`). */
export const resnet18d = /* @__PURE__ */ model('resnet18d', basic, [2, 2, 2, 2], d)
/** ResNet-26-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet26d`). */
export const resnet26d = /* @__PURE__ */ model('resnet26d', deep, [2, 2, 2, 2], d)
/** ResNet-34-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet34d`). */
export const resnet34d = /* @__PURE__ */ model('resnet34d', basic, [3, 4, 6, 3], d)
/** ResNet-50-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet50d`). */
export const resnet50d = /* @__PURE__ */ model('resnet50d', deep, [3, 4, 6, 3], d)
/** ResNet-101-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet101d`). */
export const resnet101d = /* @__PURE__ */ model('resnet101d', deep, [3, 4, 23, 3], d)
/** ResNet-152-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet152d`). */
export const resnet152d = /* @__PURE__ */ model('resnet152d', deep, [3, 8, 36, 3], d)
/** ResNet-200-D: the deep stem, and shortcuts that pool by average (He et al. 2018; timm `resnet200d`). */
export const resnet200d = /* @__PURE__ */ model('resnet200d', deep, [3, 24, 36, 3], d)
/** ResNet-50-S: the deep stem, twice as wide (timm `resnet50s`). */
export const resnet50s = /* @__PURE__ */ model('resnet50s', deep, [3, 4, 6, 3], s)
/** ResNet-101-S: the deep stem, twice as wide (timm `resnet101s`). */
export const resnet101s = /* @__PURE__ */ model('resnet101s', deep, [3, 4, 23, 3], s)
/** ResNet-152-S: the deep stem, twice as wide (timm `resnet152s`). */
export const resnet152s = /* @__PURE__ */ model('resnet152s', deep, [3, 8, 36, 3], s)
/**
 * ResNet-10-T, of basic blocks: a deep stem of growing width, and shortcuts that pool by average (timm `resnet10t`).
 */
export const resnet10t = /* @__PURE__ */ model('resnet10t', basic, [1, 1, 1, 1], t)
/** ResNet-14-T, of bottlenecks: a deep stem of growing width, and shortcuts that pool by average (timm `resnet14t`). */
export const resnet14t = /* @__PURE__ */ model('resnet14t', deep, [1, 1, 1, 1], t)
/** ResNet-26-T, of bottlenecks: a deep stem of growing width, and shortcuts that pool by average (timm `resnet26t`). */
export const resnet26t = /* @__PURE__ */ model('resnet26t', deep, [2, 2, 2, 2], t)
/** ResNet-50-T, of bottlenecks: a deep stem of growing width, and shortcuts that pool by average (timm `resnet50t`). */
export const resnet50t = /* @__PURE__ */ model('resnet50t', deep, [3, 4, 6, 3], t)
