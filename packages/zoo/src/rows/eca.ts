import { model } from '../model.js'
import { averaged, d, deep, eca, t, x32x4 } from '../variants.js'

// Efficient channel attention (Wang et al. 2019).

export const ecaresnet26t = /* @__PURE__ */ model('ecaresnet26t', deep, [2, 2, 2, 2], t, eca)
export const ecaresnet50d = /* @__PURE__ */ model('ecaresnet50d', deep, [3, 4, 6, 3], d, eca)
export const ecaresnet50t = /* @__PURE__ */ model('ecaresnet50t', deep, [3, 4, 6, 3], t, eca)
export const ecaresnet101d = /* @__PURE__ */ model('ecaresnet101d', deep, [3, 4, 23, 3], d, eca)
export const ecaresnet200d = /* @__PURE__ */ model('ecaresnet200d', deep, [3, 24, 36, 3], d, eca)
export const ecaresnet269d = /* @__PURE__ */ model('ecaresnet269d', deep, [3, 30, 48, 8], d, eca)
export const ecaresnetlight = /* @__PURE__ */ model('ecaresnetlight', deep, [1, 1, 11, 3], averaged, eca)
export const ecaresnext26t_32x4d = /* @__PURE__ */ model('ecaresnext26t_32x4d', deep, [2, 2, 2, 2], t, x32x4, eca)
export const ecaresnext50t_32x4d = /* @__PURE__ */ model('ecaresnext50t_32x4d', deep, [2, 2, 2, 2], t, x32x4, eca)
