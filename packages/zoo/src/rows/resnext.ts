import { model } from '../model.js'
import { d, deep, x32x4, x32x8, x32x16, x32x32, x64x4 } from '../variants.js'

// ResNeXt (Xie et al. 2016): groups × channels of a group.

/** ResNeXt-50: 32 groups of 4 channels (Xie et al. 2016; torchvision `resnext50_32x4d`). */
export const resnext50_32x4d = /* @__PURE__ */ model('resnext50_32x4d', deep, [3, 4, 6, 3], x32x4)
/**
 * ResNeXt-50-D: 32 groups of 4 channels, the deep stem and average-pooled shortcuts (Xie et al. 2016; timm
 * `resnext50d_32x4d`).
 */
export const resnext50d_32x4d = /* @__PURE__ */ model('resnext50d_32x4d', deep, [3, 4, 6, 3], d, x32x4)
/** ResNeXt-101: 32 groups of 4 channels (Xie et al. 2016; timm `resnext101_32x4d`). */
export const resnext101_32x4d = /* @__PURE__ */ model('resnext101_32x4d', deep, [3, 4, 23, 3], x32x4)
/** ResNeXt-101: 32 groups of 8 channels (Xie et al. 2016; torchvision `resnext101_32x8d`). */
export const resnext101_32x8d = /* @__PURE__ */ model('resnext101_32x8d', deep, [3, 4, 23, 3], x32x8)
/** ResNeXt-101: 32 groups of 16 channels (Xie et al. 2016; timm `resnext101_32x16d`). */
export const resnext101_32x16d = /* @__PURE__ */ model('resnext101_32x16d', deep, [3, 4, 23, 3], x32x16)
/** ResNeXt-101: 32 groups of 32 channels (Xie et al. 2016; timm `resnext101_32x32d`). */
export const resnext101_32x32d = /* @__PURE__ */ model('resnext101_32x32d', deep, [3, 4, 23, 3], x32x32)
/** ResNeXt-101: 64 groups of 4 channels (Xie et al. 2016; torchvision `resnext101_64x4d`). */
export const resnext101_64x4d = /* @__PURE__ */ model('resnext101_64x4d', deep, [3, 4, 23, 3], x64x4)
