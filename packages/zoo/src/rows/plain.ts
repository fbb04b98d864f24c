import { model } from '../model.js'
import { basic, deep, gn, wide } from '../variants.js'

// The plain networks (He et al. 2015), the wide ones (Zagoruyko and Komodakis 2016) and the one with group norm.

export const resnet18 = /* @__PURE__ */ model('resnet18', basic, [2, 2, 2, 2])
export const resnet34 = /* @__PURE__ */ model('resnet34', basic, [3, 4, 6, 3])
export const resnet26 = /* @__PURE__ */ model('resnet26', deep, [2, 2, 2, 2])
export const resnet50 = /* @__PURE__ */ model('resnet50', deep, [3, 4, 6, 3])
export const resnet101 = /* @__PURE__ */ model('resnet101', deep, [3, 4, 23, 3])
export const resnet152 = /* @__PURE__ */ model('resnet152', deep, [3, 8, 36, 3])
export const resnet200 = /* @__PURE__ */ model('resnet200', deep, [3, 24, 36, 3])
export const resnet50_gn = /* @__PURE__ */ model('resnet50_gn', deep, [3, 4, 6, 3], gn)
export const wide_resnet50_2 = /* @__PURE__ */ model('wide_resnet50_2', deep, [3, 4, 6, 3], wide)
export const wide_resnet101_2 = /* @__PURE__ */ model('wide_resnet101_2', deep, [3, 4, 23, 3], wide)
