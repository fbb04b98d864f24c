import { imagenetPreprocess, type Preprocess } from '@resnet-ts/graph'
import { type KerasResNetV2Options, kerasResnetV2 } from '../kerasResnetV2.js'
import { factory, model } from '../model.js'
import { biasedProjection, biasedStem, kerasNorm, strideFirstBottleneck } from '../strideFirst.js'

// Keras's networks (keras.applications) and those of Gluon's model zoo, where they differ from torchvision's: with
// the stride in the first convolution of a bottleneck, biases in convolutions, and in Keras another epsilon.

/** Caffe's: blue first, the means taken from values in [0, 255], and no deviation. */
const caffePreprocess: Preprocess = {
  ...imagenetPreprocess,
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  std: [1 / 255, 1 / 255, 1 / 255],
  channelOrder: 'bgr',
}
/** Values from −1 to 1. */
const signedPreprocess: Preprocess = { ...imagenetPreprocess, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }

function keras(name: string, ...blocks: number[]) {
  const base = { block: strideFirstBottleneck({ spatialBias: true }) }
  const parts = { stem: biasedStem, projection: biasedProjection, norm: kerasNorm, preprocess: caffePreprocess }
  return model(name, base, blocks, parts)
}

function kerasV2(name: string, ...blocks: number[]) {
  return factory<KerasResNetV2Options>(name, { blocks, preprocess: signedPreprocess }, kerasResnetV2)
}

function gluon(name: string, ...blocks: number[]) {
  return model(name, { block: strideFirstBottleneck({ spatialBias: false }) }, blocks)
}

/** `keras.applications.ResNet50`: strides in each block's first convolution, biases, blue first (He et al. 2015). */
export const keras_resnet50 = /* @__PURE__ */ keras('keras_resnet50', 3, 4, 6, 3)
/** `keras.applications.ResNet101`: strides in each block's first convolution, biases, blue first (He et al. 2015). */
export const keras_resnet101 = /* @__PURE__ */ keras('keras_resnet101', 3, 4, 23, 3)
/** `keras.applications.ResNet152`: strides in each block's first convolution, biases, blue first (He et al. 2015). */
export const keras_resnet152 = /* @__PURE__ */ keras('keras_resnet152', 3, 8, 36, 3)
/** `keras.applications.ResNet50V2`: pre-activation, strides in the last block of a stage (He et al. 2016). */
export const keras_resnet50v2 = /* @__PURE__ */ kerasV2('keras_resnet50v2', 3, 4, 6, 3)
/** `keras.applications.ResNet101V2`: pre-activation, strides in the last block of a stage (He et al. 2016). */
export const keras_resnet101v2 = /* @__PURE__ */ kerasV2('keras_resnet101v2', 3, 4, 23, 3)
/** `keras.applications.ResNet152V2`: pre-activation, strides in the last block of a stage (He et al. 2016). */
export const keras_resnet152v2 = /* @__PURE__ */ kerasV2('keras_resnet152v2', 3, 8, 36, 3)
/**
 * Gluon's `resnet50_v1`, of the ONNX model zoo: strides in each block's first convolution, biases in the 1×1 ones (He
 * et al. 2015).
 */
export const gluon_resnet50_v1 = /* @__PURE__ */ gluon('gluon_resnet50_v1', 3, 4, 6, 3)
/**
 * Gluon's `resnet101_v1`, of the ONNX model zoo: strides in each block's first convolution, biases in the 1×1 ones (He
 * et al. 2015).
 */
export const gluon_resnet101_v1 = /* @__PURE__ */ gluon('gluon_resnet101_v1', 3, 4, 23, 3)
/**
 * Gluon's `resnet152_v1`, of the ONNX model zoo: strides in each block's first convolution, biases in the 1×1 ones (He
 * et al. 2015).
 */
export const gluon_resnet152_v1 = /* @__PURE__ */ gluon('gluon_resnet152_v1', 3, 8, 36, 3)
