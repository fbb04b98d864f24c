import { model } from '../model.js'
import { d, deep, x32x4, x32x8, x32x16, x32x32, x64x4 } from '../variants.js'

// ResNeXt (Xie et al. 2016): groups × channels of a group.

export const resnext50_32x4d = /* @__PURE__ */ model('resnext50_32x4d', deep, [3, 4, 6, 3], x32x4)
export const resnext50d_32x4d = /* @__PURE__ */ model('resnext50d_32x4d', deep, [3, 4, 6, 3], d, x32x4)
export const resnext101_32x4d = /* @__PURE__ */ model('resnext101_32x4d', deep, [3, 4, 23, 3], x32x4)
export const resnext101_32x8d = /* @__PURE__ */ model('resnext101_32x8d', deep, [3, 4, 23, 3], x32x8)
export const resnext101_32x16d = /* @__PURE__ */ model('resnext101_32x16d', deep, [3, 4, 23, 3], x32x16)
export const resnext101_32x32d = /* @__PURE__ */ model('resnext101_32x32d', deep, [3, 4, 23, 3], x32x32)
export const resnext101_64x4d = /* @__PURE__ */ model('resnext101_64x4d', deep, [3, 4, 23, 3], x64x4)
