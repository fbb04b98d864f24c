import { model } from '../model.js'
import { aa, basic, blur, d, deep, se, x32x8 } from '../variants.js'

// Antialiased subsampling: by blur pooling (Zhang 2019), or by average pooling.

/** ResNet-18, antialiased by blur pooling (Zhang 2019; timm `resnetblur18`). */
export const resnetblur18 = /* @__PURE__ */ model('resnetblur18', basic, [2, 2, 2, 2], blur)
/** ResNet-50, antialiased by blur pooling (Zhang 2019; timm `resnetblur50`). */
export const resnetblur50 = /* @__PURE__ */ model('resnetblur50', deep, [3, 4, 6, 3], blur)
/** ResNet-50-D, antialiased by blur pooling (Zhang 2019; timm `resnetblur50d`). */
export const resnetblur50d = /* @__PURE__ */ model('resnetblur50d', deep, [3, 4, 6, 3], d, blur)
/** ResNet-101-D, antialiased by blur pooling (Zhang 2019; timm `resnetblur101d`). */
export const resnetblur101d = /* @__PURE__ */ model('resnetblur101d', deep, [3, 4, 23, 3], d, blur)
/** ResNet-34-D, antialiased by average pooling (timm `resnetaa34d`). */
export const resnetaa34d = /* @__PURE__ */ model('resnetaa34d', basic, [3, 4, 6, 3], d, aa)
/** ResNet-50, antialiased by average pooling (timm `resnetaa50`). */
export const resnetaa50 = /* @__PURE__ */ model('resnetaa50', deep, [3, 4, 6, 3], aa)
/** ResNet-50-D, antialiased by average pooling (timm `resnetaa50d`). */
export const resnetaa50d = /* @__PURE__ */ model('resnetaa50d', deep, [3, 4, 6, 3], d, aa)
/** ResNet-101-D, antialiased by average pooling (timm `resnetaa101d`). */
export const resnetaa101d = /* @__PURE__ */ model('resnetaa101d', deep, [3, 4, 23, 3], d, aa)
/**
 * SE-ResNet-50-D: squeeze and excitation in every block, the deep stem and average-pooled shortcuts, antialiased by
 * averages (Hu et al. 2017; timm `seresnetaa50d`).
 */
export const seresnetaa50d = /* @__PURE__ */ model('seresnetaa50d', deep, [3, 4, 6, 3], d, aa, se)
/**
 * SE-ResNeXt-101-D: 32 groups of 8 channels, the deep stem and average-pooled shortcuts, antialiased by averages, with
 * squeeze and excitation (Xie et al. 2016, Hu et al. 2017; timm `seresnextaa101d_32x8d`).
 */
export const seresnextaa101d_32x8d = /* @__PURE__ */ model(
  'seresnextaa101d_32x8d',
  deep,
  [3, 4, 23, 3],
  d,
  x32x8,
  aa,
  se,
)
