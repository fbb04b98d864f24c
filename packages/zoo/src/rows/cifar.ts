import { basicBlock, cifarStem } from '@resnet-ts/blocks'
import type { Preprocess } from '@resnet-ts/graph'
import { type ModelFactory, model } from '../model.js'

/** CIFAR-10's own size and statistics. */
const cifarPreprocess: Preprocess = {
  size: [32, 32],
  cropFraction: 1,
  interpolation: 'bilinear',
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
}

/** The paper's family for 32×32 images (He et al. 2015, section 4.2): three stages of n blocks, 6n + 2 layers. */
function cifar(layers: number): ModelFactory {
  const blocks = (layers - 2) / 6
  return model(`cifar_resnet${layers}`, { block: basicBlock }, [blocks, blocks, blocks], {
    channels: 16,
    stem: cifarStem,
    shortcut: 'A',
    numClasses: 10,
    preprocess: cifarPreprocess,
  })
}

/**
 * ResNet-20 for images of 32×32 and ten classes: three stages of 3 basic blocks, shortcut A (He et al. 2015, section
 * 4.2).
 */
export const cifar_resnet20 = /* @__PURE__ */ cifar(20)
/**
 * ResNet-32 for images of 32×32 and ten classes: three stages of 5 basic blocks, shortcut A (He et al. 2015, section
 * 4.2).
 */
export const cifar_resnet32 = /* @__PURE__ */ cifar(32)
/**
 * ResNet-44 for images of 32×32 and ten classes: three stages of 7 basic blocks, shortcut A (He et al. 2015, section
 * 4.2).
 */
export const cifar_resnet44 = /* @__PURE__ */ cifar(44)
/**
 * ResNet-56 for images of 32×32 and ten classes: three stages of 9 basic blocks, shortcut A (He et al. 2015, section
 * 4.2).
 */
export const cifar_resnet56 = /* @__PURE__ */ cifar(56)
/**
 * ResNet-110 for images of 32×32 and ten classes: three stages of 18 basic blocks, shortcut A (He et al. 2015, section
 * 4.2).
 */
export const cifar_resnet110 = /* @__PURE__ */ cifar(110)
