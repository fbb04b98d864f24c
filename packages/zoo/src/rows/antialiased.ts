import { model } from '../model.js'
import { aa, basic, blur, d, deep, se, x32x8 } from '../variants.js'

// Antialiased subsampling: by blur pooling (Zhang 2019), or by average pooling.

export const resnetblur18 = /* @__PURE__ */ model('resnetblur18', basic, [2, 2, 2, 2], blur)
export const resnetblur50 = /* @__PURE__ */ model('resnetblur50', deep, [3, 4, 6, 3], blur)
export const resnetblur50d = /* @__PURE__ */ model('resnetblur50d', deep, [3, 4, 6, 3], d, blur)
export const resnetblur101d = /* @__PURE__ */ model('resnetblur101d', deep, [3, 4, 23, 3], d, blur)
export const resnetaa34d = /* @__PURE__ */ model('resnetaa34d', basic, [3, 4, 6, 3], d, aa)
export const resnetaa50 = /* @__PURE__ */ model('resnetaa50', deep, [3, 4, 6, 3], aa)
export const resnetaa50d = /* @__PURE__ */ model('resnetaa50d', deep, [3, 4, 6, 3], d, aa)
export const resnetaa101d = /* @__PURE__ */ model('resnetaa101d', deep, [3, 4, 23, 3], d, aa)
export const seresnetaa50d = /* @__PURE__ */ model('seresnetaa50d', deep, [3, 4, 6, 3], d, aa, se)
export const seresnextaa101d_32x8d = /* @__PURE__ */ model(
  'seresnextaa101d_32x8d',
  deep,
  [3, 4, 23, 3],
  d,
  x32x8,
  aa,
  se,
)
