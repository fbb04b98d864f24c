import { model } from '../model.js'
import { basic, d, deep, se, senet, t, x32x4, x32x8, x64x4 } from '../variants.js'

// Squeeze and excitation (Hu et al. 2017).

export const seresnet18 = /* @__PURE__ */ model('seresnet18', basic, [2, 2, 2, 2], se)
export const seresnet34 = /* @__PURE__ */ model('seresnet34', basic, [3, 4, 6, 3], se)
export const seresnet50 = /* @__PURE__ */ model('seresnet50', deep, [3, 4, 6, 3], se)
export const seresnet101 = /* @__PURE__ */ model('seresnet101', deep, [3, 4, 23, 3], se)
export const seresnet152 = /* @__PURE__ */ model('seresnet152', deep, [3, 8, 36, 3], se)
export const seresnet50t = /* @__PURE__ */ model('seresnet50t', deep, [3, 4, 6, 3], t, se)
export const seresnet152d = /* @__PURE__ */ model('seresnet152d', deep, [3, 8, 36, 3], d, se)
export const seresnet200d = /* @__PURE__ */ model('seresnet200d', deep, [3, 24, 36, 3], d, se)
export const seresnet269d = /* @__PURE__ */ model('seresnet269d', deep, [3, 30, 48, 8], d, se)
export const seresnext26d_32x4d = /* @__PURE__ */ model('seresnext26d_32x4d', deep, [2, 2, 2, 2], d, x32x4, se)
export const seresnext26t_32x4d = /* @__PURE__ */ model('seresnext26t_32x4d', deep, [2, 2, 2, 2], t, x32x4, se)
export const seresnext50_32x4d = /* @__PURE__ */ model('seresnext50_32x4d', deep, [3, 4, 6, 3], x32x4, se)
export const seresnext101_32x4d = /* @__PURE__ */ model('seresnext101_32x4d', deep, [3, 4, 23, 3], x32x4, se)
export const seresnext101_32x8d = /* @__PURE__ */ model('seresnext101_32x8d', deep, [3, 4, 23, 3], x32x8, se)
export const seresnext101_64x4d = /* @__PURE__ */ model('seresnext101_64x4d', deep, [3, 4, 23, 3], x64x4, se)
export const seresnext101d_32x8d = /* @__PURE__ */ model('seresnext101d_32x8d', deep, [3, 4, 23, 3], d, x32x8, se)
export const senet154 = /* @__PURE__ */ model('senet154', deep, [3, 8, 36, 3], senet, x64x4, se)
