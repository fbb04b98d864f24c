import { model } from '../model.js'
import { d, deep, eca } from '../variants.js'

// Pruned by Aflalo et al. 2020; the channel tables are facts of the checkpoints. For each stage, the channels that
// leave its blocks, and those of the first and the second convolution of each block.

/** ECA-ResNet-50-D, pruned: channels of each convolution by table (Aflalo et al. 2020; timm `ecaresnet50d_pruned`). */
export const ecaresnet50d_pruned = /* @__PURE__ */ model('ecaresnet50d_pruned', deep, [3, 4, 6, 3], d, eca, {
  pruned: [
    /* @__PURE__ */ stage(19, [
      [47, 18],
      [52, 22],
      [64, 35],
    ]),
    /* @__PURE__ */ stage(171, [
      [85, 37],
      [107, 80],
      [120, 85],
      [125, 87],
    ]),
    /* @__PURE__ */ stage(818, [
      [198, 126],
      [255, 232],
      [256, 233],
      [253, 235],
      [256, 225],
      [256, 239],
    ]),
    /* @__PURE__ */ stage(2022, [
      [492, 237],
      [512, 500],
      [512, 490],
    ]),
  ],
})

/**
 * ECA-ResNet-101-D, pruned: channels of each convolution by table (Aflalo et al. 2020; timm `ecaresnet101d_pruned`).
 */
export const ecaresnet101d_pruned = /* @__PURE__ */ model('ecaresnet101d_pruned', deep, [3, 4, 23, 3], d, eca, {
  pruned: [
    /* @__PURE__ */ stage(26, [
      [45, 25],
      [53, 20],
      [60, 27],
    ]),
    /* @__PURE__ */ stage(142, [
      [81, 24],
      [93, 49],
      [102, 54],
      [122, 78],
    ]),
    /* @__PURE__ */ stage(278, [
      [101, 25],
      [239, 160],
      [234, 156],
      [250, 176],
      [253, 191],
      [251, 175],
      [230, 128],
      [244, 154],
      [244, 159],
      [238, 97],
      [244, 149],
      [253, 181],
      [245, 119],
      [255, 216],
      [256, 201],
      [253, 149],
      [254, 141],
      [256, 190],
      [256, 217],
      [255, 156],
      [256, 155],
      [256, 232],
      [256, 214],
    ]),
    /* @__PURE__ */ stage(2042, [
      [499, 289],
      [512, 512],
      [512, 502],
    ]),
  ],
})

function stage(output: number, inner: readonly (readonly number[])[]) {
  return inner.map((channels) => ({ inner: channels, output }))
}
