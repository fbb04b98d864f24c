export { cifar10, cifar100 } from './cifar.js'
export { imagenet1k } from './imagenet1k.js'
