import { basicBlock, bottleneck } from '@resnet-ts/blocks'
import { model } from './model.js'

// One row a model: torchvision's family, with timm's names. Blocks of each stage, then what makes it ResNeXt
// (groups × channels of a group; Xie et al. 2016) or wide (twice the channels; Zagoruyko and Komodakis 2016).

export const resnet18 = /* @__PURE__ */ model('resnet18', { block: basicBlock, blocks: [2, 2, 2, 2] })
export const resnet34 = /* @__PURE__ */ model('resnet34', { block: basicBlock, blocks: [3, 4, 6, 3] })
export const resnet50 = /* @__PURE__ */ model('resnet50', { block: bottleneck, blocks: [3, 4, 6, 3] })
export const resnet101 = /* @__PURE__ */ model('resnet101', { block: bottleneck, blocks: [3, 4, 23, 3] })
export const resnet152 = /* @__PURE__ */ model('resnet152', { block: bottleneck, blocks: [3, 8, 36, 3] })
export const resnext50_32x4d = /* @__PURE__ */ model('resnext50_32x4d', {
  block: bottleneck,
  blocks: [3, 4, 6, 3],
  groups: 32,
  widthPerGroup: 4,
})
export const resnext101_32x8d = /* @__PURE__ */ model('resnext101_32x8d', {
  block: bottleneck,
  blocks: [3, 4, 23, 3],
  groups: 32,
  widthPerGroup: 8,
})
export const resnext101_64x4d = /* @__PURE__ */ model('resnext101_64x4d', {
  block: bottleneck,
  blocks: [3, 4, 23, 3],
  groups: 64,
  widthPerGroup: 4,
})
export const wide_resnet50_2 = /* @__PURE__ */ model('wide_resnet50_2', {
  block: bottleneck,
  blocks: [3, 4, 6, 3],
  widthPerGroup: 128,
})
export const wide_resnet101_2 = /* @__PURE__ */ model('wide_resnet101_2', {
  block: bottleneck,
  blocks: [3, 4, 23, 3],
  widthPerGroup: 128,
})
