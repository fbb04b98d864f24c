export { findModel, models, UnknownModelError } from './catalog.js'
export { cifar_resnet20, cifar_resnet32, cifar_resnet44, cifar_resnet56, cifar_resnet110 } from './cifar.js'
export {
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  resnet152,
  resnext50_32x4d,
  resnext101_32x8d,
  resnext101_64x4d,
  wide_resnet50_2,
  wide_resnet101_2,
} from './imagenet.js'
export { initialise } from './initialise.js'
export type { ModelFactory } from './model.js'
export type { ModelOptions, ResNetOptions } from './resnet.js'
export { resnet } from './resnet.js'
