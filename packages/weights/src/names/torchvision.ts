import { type NameTable, prefixBefore, withoutPrefix } from './table.js'

/** A key of every network of torchvision and timm. */
const anchors = ['layer1.0.conv1.weight', 'stages.0.blocks.0.conv1.weight'] as const

/** torchvision's and timm's own names: nothing is renamed, but a wrapper's prefix taken off. */
export const torchvision: NameTable = {
  source: 'torchvision',
  rename(shapes) {
    for (const anchor of anchors) {
      const prefix = prefixBefore(shapes, anchor)
      if (prefix !== undefined) return (key) => withoutPrefix(key, prefix)
    }
    return undefined
  },
}
