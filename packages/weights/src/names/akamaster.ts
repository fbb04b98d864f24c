import { type NameTable, prefixBefore, withoutPrefix } from './table.js'

/**
 * The CIFAR networks of akamaster/pytorch_resnet_cifar10, and of kuangliu/pytorch-cifar before it: torchvision's names,
 * but `linear` for the classifier and `shortcut` for the dashed shortcut.
 */
export const akamaster: NameTable = {
  source: 'akamaster',
  rename(shapes) {
    const prefix = prefixBefore(shapes, 'layer1.0.conv1.weight')
    if (prefix === undefined || !shapes.has(`${prefix}linear.weight`)) return undefined
    return (key) =>
      withoutPrefix(key, prefix)
        ?.replace(/^linear\./, 'fc.')
        .replace(/\.shortcut\.(\d)\./, '.downsample.$1.')
  },
}
