import { model } from '../model.js'
import { basic, d, deep, se, senet, t, x32x4, x32x8, x64x4 } from '../variants.js'

// Squeeze and excitation (Hu et al. 2017).

/** SE-ResNet-18: squeeze and excitation in every block (Hu et al. 2017; timm `seresnet18`). */
export const seresnet18 = /* @__PURE__ */ model('seresnet18', basic, [2, 2, 2, 2], se)
/** SE-ResNet-34: squeeze and excitation in every block (Hu et al. 2017; timm `seresnet34`). */
export const seresnet34 = /* @__PURE__ */ model('seresnet34', basic, [3, 4, 6, 3], se)
/** SE-ResNet-50: squeeze and excitation in every block (Hu et al. 2017; timm `seresnet50`). */
export const seresnet50 = /* @__PURE__ */ model('seresnet50', deep, [3, 4, 6, 3], se)
/** SE-ResNet-101: squeeze and excitation in every block (Hu et al. 2017; timm `seresnet101`). */
export const seresnet101 = /* @__PURE__ */ model('seresnet101', deep, [3, 4, 23, 3], se)
/** SE-ResNet-152: squeeze and excitation in every block (Hu et al. 2017; timm `seresnet152`). */
export const seresnet152 = /* @__PURE__ */ model('seresnet152', deep, [3, 8, 36, 3], se)
/**
 * SE-ResNet-50-T: squeeze and excitation in every block, the tiered stem and average-pooled shortcuts (Hu et al. 2017;
 * timm `seresnet50t`).
 */
export const seresnet50t = /* @__PURE__ */ model('seresnet50t', deep, [3, 4, 6, 3], t, se)
/**
 * SE-ResNet-152-D: squeeze and excitation in every block, the deep stem and average-pooled shortcuts (Hu et al. 2017;
 * timm `seresnet152d`).
 */
export const seresnet152d = /* @__PURE__ */ model('seresnet152d', deep, [3, 8, 36, 3], d, se)
/**
 * SE-ResNet-200-D: squeeze and excitation in every block, the deep stem and average-pooled shortcuts (Hu et al. 2017;
 * timm `seresnet200d`).
 */
export const seresnet200d = /* @__PURE__ */ model('seresnet200d', deep, [3, 24, 36, 3], d, se)
/**
 * SE-ResNet-269-D: squeeze and excitation in every block, the deep stem and average-pooled shortcuts (Hu et al. 2017;
 * timm `seresnet269d`).
 */
export const seresnet269d = /* @__PURE__ */ model('seresnet269d', deep, [3, 30, 48, 8], d, se)
/**
 * SE-ResNeXt-26-D: 32 groups of 4 channels, the deep stem and average-pooled shortcuts, with squeeze and excitation
 * (Xie et al. 2016, Hu et al. 2017; timm `seresnext26d_32x4d`).
 */
export const seresnext26d_32x4d = /* @__PURE__ */ model('seresnext26d_32x4d', deep, [2, 2, 2, 2], d, x32x4, se)
/**
 * SE-ResNeXt-26-T: 32 groups of 4 channels, the tiered stem and average-pooled shortcuts, with squeeze and excitation
 * (Xie et al. 2016, Hu et al. 2017; timm `seresnext26t_32x4d`).
 */
export const seresnext26t_32x4d = /* @__PURE__ */ model('seresnext26t_32x4d', deep, [2, 2, 2, 2], t, x32x4, se)
/**
 * SE-ResNeXt-50: 32 groups of 4 channels, with squeeze and excitation (Xie et al. 2016, Hu et al. 2017; timm
 * `seresnext50_32x4d`).
 */
export const seresnext50_32x4d = /* @__PURE__ */ model('seresnext50_32x4d', deep, [3, 4, 6, 3], x32x4, se)
/**
 * SE-ResNeXt-101: 32 groups of 4 channels, with squeeze and excitation (Xie et al. 2016, Hu et al. 2017; timm
 * `seresnext101_32x4d`).
 */
export const seresnext101_32x4d = /* @__PURE__ */ model('seresnext101_32x4d', deep, [3, 4, 23, 3], x32x4, se)
/**
 * SE-ResNeXt-101: 32 groups of 8 channels, with squeeze and excitation (Xie et al. 2016, Hu et al. 2017; timm
 * `seresnext101_32x8d`).
 */
export const seresnext101_32x8d = /* @__PURE__ */ model('seresnext101_32x8d', deep, [3, 4, 23, 3], x32x8, se)
/**
 * SE-ResNeXt-101: 64 groups of 4 channels, with squeeze and excitation (Xie et al. 2016, Hu et al. 2017; timm
 * `seresnext101_64x4d`).
 */
export const seresnext101_64x4d = /* @__PURE__ */ model('seresnext101_64x4d', deep, [3, 4, 23, 3], x64x4, se)
/**
 * SE-ResNeXt-101-D: 32 groups of 8 channels, the deep stem and average-pooled shortcuts, with squeeze and excitation
 * (Xie et al. 2016, Hu et al. 2017; timm `seresnext101d_32x8d`).
 */
export const seresnext101d_32x8d = /* @__PURE__ */ model('seresnext101d_32x8d', deep, [3, 4, 23, 3], d, x32x8, se)
/**
 * SENet-154: 64 groups of 4 channels, squeeze and excitation, a stem of twice the width, 3×3 shortcuts (Hu et al. 2017;
 * timm `senet154`).
 */
export const senet154 = /* @__PURE__ */ model('senet154', deep, [3, 8, 36, 3], senet, x64x4, se)
