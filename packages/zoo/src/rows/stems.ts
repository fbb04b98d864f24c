import { model } from '../model.js'
import { basic, c, d, deep, s, t } from '../variants.js'

// Other stems and shortcuts: -C, -D, -S and -T (He et al. 2018, "Bag of Tricks", and timm).

export const resnet50c = /* @__PURE__ */ model('resnet50c', deep, [3, 4, 6, 3], c)
export const resnet101c = /* @__PURE__ */ model('resnet101c', deep, [3, 4, 23, 3], c)
export const resnet152c = /* @__PURE__ */ model('resnet152c', deep, [3, 8, 36, 3], c)
export const resnet18d = /* @__PURE__ */ model('resnet18d', basic, [2, 2, 2, 2], d)
export const resnet26d = /* @__PURE__ */ model('resnet26d', deep, [2, 2, 2, 2], d)
export const resnet34d = /* @__PURE__ */ model('resnet34d', basic, [3, 4, 6, 3], d)
export const resnet50d = /* @__PURE__ */ model('resnet50d', deep, [3, 4, 6, 3], d)
export const resnet101d = /* @__PURE__ */ model('resnet101d', deep, [3, 4, 23, 3], d)
export const resnet152d = /* @__PURE__ */ model('resnet152d', deep, [3, 8, 36, 3], d)
export const resnet200d = /* @__PURE__ */ model('resnet200d', deep, [3, 24, 36, 3], d)
export const resnet50s = /* @__PURE__ */ model('resnet50s', deep, [3, 4, 6, 3], s)
export const resnet101s = /* @__PURE__ */ model('resnet101s', deep, [3, 4, 23, 3], s)
export const resnet152s = /* @__PURE__ */ model('resnet152s', deep, [3, 8, 36, 3], s)
export const resnet10t = /* @__PURE__ */ model('resnet10t', basic, [1, 1, 1, 1], t)
export const resnet14t = /* @__PURE__ */ model('resnet14t', deep, [1, 1, 1, 1], t)
export const resnet26t = /* @__PURE__ */ model('resnet26t', deep, [2, 2, 2, 2], t)
export const resnet50t = /* @__PURE__ */ model('resnet50t', deep, [3, 4, 6, 3], t)
