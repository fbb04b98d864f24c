import { model } from '../model.js'
import { basic, deep, gn, wide } from '../variants.js'

// The plain networks (He et al. 2015), the wide ones (Zagoruyko and Komodakis 2016) and the one with group norm.

/** ResNet-18, of basic blocks (He et al. 2015; torchvision `resnet18`). */
export const resnet18 = /* @__PURE__ */ model('resnet18', basic, [2, 2, 2, 2])
/** ResNet-34, of basic blocks (He et al. 2015; torchvision `resnet34`). */
export const resnet34 = /* @__PURE__ */ model('resnet34', basic, [3, 4, 6, 3])
/** ResNet-26, of bottlenecks (timm `resnet26`). */
export const resnet26 = /* @__PURE__ */ model('resnet26', deep, [2, 2, 2, 2])
/** ResNet-50, of bottlenecks (He et al. 2015; torchvision `resnet50`). */
export const resnet50 = /* @__PURE__ */ model('resnet50', deep, [3, 4, 6, 3])
/** ResNet-101, of bottlenecks (He et al. 2015; torchvision `resnet101`). */
export const resnet101 = /* @__PURE__ */ model('resnet101', deep, [3, 4, 23, 3])
/** ResNet-152, of bottlenecks (He et al. 2015; torchvision `resnet152`). */
export const resnet152 = /* @__PURE__ */ model('resnet152', deep, [3, 8, 36, 3])
/** ResNet-200, of bottlenecks (timm `resnet200`). */
export const resnet200 = /* @__PURE__ */ model('resnet200', deep, [3, 24, 36, 3])
/** ResNet-50 with group normalisation in place of batch normalisation (Wu and He 2018; timm `resnet50_gn`). */
export const resnet50_gn = /* @__PURE__ */ model('resnet50_gn', deep, [3, 4, 6, 3], gn)
/**
 * Wide ResNet-50: inner convolutions of twice the width (Zagoruyko and Komodakis 2016; torchvision `wide_resnet50_2`).
 */
export const wide_resnet50_2 = /* @__PURE__ */ model('wide_resnet50_2', deep, [3, 4, 6, 3], wide)
/**
 * Wide ResNet-101: inner convolutions of twice the width (Zagoruyko and Komodakis 2016; torchvision
 * `wide_resnet101_2`).
 */
export const wide_resnet101_2 = /* @__PURE__ */ model('wide_resnet101_2', deep, [3, 4, 23, 3], wide)
