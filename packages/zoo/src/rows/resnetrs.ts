import { model } from '../model.js'
import { deep, rs } from '../variants.js'

// ResNet-RS (Bello et al. 2021).

/** ResNet-RS-50 (Bello et al. 2021; timm `resnetrs50`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs50 = /* @__PURE__ */ model('resnetrs50', deep, [3, 4, 6, 3], rs)
/** ResNet-RS-101 (Bello et al. 2021; timm `resnetrs101`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs101 = /* @__PURE__ */ model('resnetrs101', deep, [3, 4, 23, 3], rs)
/** ResNet-RS-152 (Bello et al. 2021; timm `resnetrs152`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs152 = /* @__PURE__ */ model('resnetrs152', deep, [3, 8, 36, 3], rs)
/** ResNet-RS-200 (Bello et al. 2021; timm `resnetrs200`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs200 = /* @__PURE__ */ model('resnetrs200', deep, [3, 24, 36, 3], rs)
/** ResNet-RS-270 (Bello et al. 2021; timm `resnetrs270`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs270 = /* @__PURE__ */ model('resnetrs270', deep, [4, 29, 53, 4], rs)
/** ResNet-RS-350 (Bello et al. 2021; timm `resnetrs350`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs350 = /* @__PURE__ */ model('resnetrs350', deep, [4, 36, 72, 4], rs)
/** ResNet-RS-420 (Bello et al. 2021; timm `resnetrs420`): squeeze and excitation of a quarter, and no max pooling. */
export const resnetrs420 = /* @__PURE__ */ model('resnetrs420', deep, [4, 44, 87, 4], rs)
