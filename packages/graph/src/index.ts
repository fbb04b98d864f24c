export * from './errors.js'
export * from './preprocess.js'
export * from './tensor.js'
