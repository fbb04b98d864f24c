import { decodeBase64 } from './base64.js'
import { readInstalled } from './file.js'
import { card } from './generated/card.js'
import { file } from './generated/file.js'
import type { Pretrained } from './pretrained.js'

export type { Pretrained, PretrainedConfig } from './pretrained.js'

/** A ResNet-20 (shortcut B) for the ten classes of CIFAR-10, in half precision: 272,474 parameters, 88.79 % right. */
export const cifar10Resnet20: Pretrained = {
  name: 'cifar10-resnet20',
  config: card,
  async bytes() {
    const installed = await readInstalled(file.path, file.bytes)
    if (installed) return installed
    const { base64 } = await import('./generated/weights.js')
    return decodeBase64(base64)
  },
}
