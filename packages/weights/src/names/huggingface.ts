import { type NameTable, prefixBefore, withoutPrefix } from './table.js'

/** `ResNetForImageClassification` of Hugging Face's transformers, and its `ResNetModel`, without the classifier. */
export const huggingface: NameTable = {
  source: 'huggingface',
  rename(shapes) {
    const whole = prefixBefore(shapes, 'embedder.embedder.convolution.weight')
    if (whole === undefined) return undefined
    const prefix = whole.replace(/(^|\.)resnet\.$/, '$1')
    return (key) => {
      const name = withoutPrefix(key, prefix)?.replace(/^resnet\./, '')
      return name === undefined ? undefined : renameKey(name)
    }
  },
}

function renameKey(key: string): string {
  return key
    .replace(/^classifier\.1\./, 'fc.')
    .replace(/^embedder\.embedder\.convolution\./, 'conv1.')
    .replace(/^embedder\.embedder\.normalization\./, 'bn1.')
    .replace(/^encoder\.stages\.(\d+)\.layers\.(\d+)\./, (_, stage, block) => `layer${Number(stage) + 1}.${block}.`)
    .replace(/\.shortcut\.convolution\./, '.downsample.0.')
    .replace(/\.shortcut\.normalization\./, '.downsample.1.')
    .replace(/\.layer\.(\d)\.convolution\./, (_, place) => `.conv${Number(place) + 1}.`)
    .replace(/\.layer\.(\d)\.normalization\./, (_, place) => `.bn${Number(place) + 1}.`)
}
