import { basicBlock, bottleneck } from '@resnet-ts/blocks'
import { model } from '../model.js'
import { d } from '../variants.js'

// timm's own test network: every kind of block, and small.

/** timm's network for tests, `test_resnet`: both kinds of block, and few channels. */
export const test_resnet = /* @__PURE__ */ model(
  'test_resnet',
  { block: [basicBlock, basicBlock, bottleneck, basicBlock] },
  [1, 1, 1, 1],
  { channels: [32, 48, 48, 96] },
  d,
)
