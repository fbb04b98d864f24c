import { model } from '../model.js'
import { averaged, d, deep, eca, t, x32x4 } from '../variants.js'

// Efficient channel attention (Wang et al. 2019).

/**
 * ECA-ResNet-26-T: efficient channel attention in every block, the tiered stem and average-pooled shortcuts (Wang et
 * al. 2019; timm `ecaresnet26t`).
 */
export const ecaresnet26t = /* @__PURE__ */ model('ecaresnet26t', deep, [2, 2, 2, 2], t, eca)
/**
 * ECA-ResNet-50-D: efficient channel attention in every block, the deep stem and average-pooled shortcuts (Wang et al.
 * 2019; timm `ecaresnet50d`).
 */
export const ecaresnet50d = /* @__PURE__ */ model('ecaresnet50d', deep, [3, 4, 6, 3], d, eca)
/**
 * ECA-ResNet-50-T: efficient channel attention in every block, the tiered stem and average-pooled shortcuts (Wang et
 * al. 2019; timm `ecaresnet50t`).
 */
export const ecaresnet50t = /* @__PURE__ */ model('ecaresnet50t', deep, [3, 4, 6, 3], t, eca)
/**
 * ECA-ResNet-101-D: efficient channel attention in every block, the deep stem and average-pooled shortcuts (Wang et al.
 * 2019; timm `ecaresnet101d`).
 */
export const ecaresnet101d = /* @__PURE__ */ model('ecaresnet101d', deep, [3, 4, 23, 3], d, eca)
/**
 * ECA-ResNet-200-D: efficient channel attention in every block, the deep stem and average-pooled shortcuts (Wang et al.
 * 2019; timm `ecaresnet200d`).
 */
export const ecaresnet200d = /* @__PURE__ */ model('ecaresnet200d', deep, [3, 24, 36, 3], d, eca)
/**
 * ECA-ResNet-269-D: efficient channel attention in every block, the deep stem and average-pooled shortcuts (Wang et al.
 * 2019; timm `ecaresnet269d`).
 */
export const ecaresnet269d = /* @__PURE__ */ model('ecaresnet269d', deep, [3, 30, 48, 8], d, eca)
/**
 * ECA-ResNet-Light: 50 layers, most of them in the third stage, shortcuts that pool by average (Wang et al. 2019; timm
 * `ecaresnetlight`).
 */
export const ecaresnetlight = /* @__PURE__ */ model('ecaresnetlight', deep, [1, 1, 11, 3], averaged, eca)
/**
 * ECA-ResNeXt-26-T: 32 groups of 4 channels, the tiered stem and average-pooled shortcuts, with efficient channel
 * attention (Xie et al. 2016, Wang et al. 2019; timm `ecaresnext26t_32x4d`).
 */
export const ecaresnext26t_32x4d = /* @__PURE__ */ model('ecaresnext26t_32x4d', deep, [2, 2, 2, 2], t, x32x4, eca)
/**
 * The same network as `ecaresnext26t_32x4d`, of 26 layers for all its name: so it is in timm (`ecaresnext50t_32x4d`).
 */
export const ecaresnext50t_32x4d = /* @__PURE__ */ model('ecaresnext50t_32x4d', deep, [2, 2, 2, 2], t, x32x4, eca)
