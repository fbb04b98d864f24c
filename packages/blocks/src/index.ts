export type { AntiAlias } from './antiAlias.js'
export { averagePool, blurPool } from './antiAlias.js'
export type { Attention } from './attention.js'
export { efficientChannelAttention, squeezeExcitation } from './attention.js'
export { basicBlock } from './basicBlock.js'
export type { Block, BlockFunction, BlockOptions, PrunedWidths } from './block.js'
export { joinShortcut } from './block.js'
export { bottleneck } from './bottleneck.js'
export type { Activation, ConvNormOptions, Norm } from './convNormAct.js'
export { batchNorm, convNorm, convNormAct, groupNorm, relu, silu } from './convNormAct.js'
export type { LayerOptions } from './makeLayer.js'
export { makeLayer } from './makeLayer.js'
export {
  preActivationAveragePoolProjection,
  preActivationBasicBlock,
  preActivationBottleneck,
  preActivationProjection,
} from './preActivation.js'
export type { Shortcut, ShortcutOption, ShortcutOptions } from './shortcuts.js'
export { averagePoolProjection, projection, projectionOf, zeroPadding } from './shortcuts.js'
export type { Stem, StemOptions } from './stems.js'
export { cifarStem, convolutionPoolStem, deepStem, imagenetStem, tieredStem } from './stems.js'
