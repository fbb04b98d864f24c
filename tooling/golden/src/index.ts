export { type Comparison, compareValues, describeWorst, type Tolerance } from './compare.js'
export { dataFolder, sharedFolder } from './folders.js'
export {
  type GoldenCifarModel,
  type GoldenConfig,
  type GoldenFamily,
  type GoldenModel,
  type GoldenNetwork,
  goldenModel,
  goldenModelNames,
} from './models.js'
export { type GoldenAttribute, type GoldenOp, type GoldenOpInput, goldenOps } from './ops.js'
export {
  type GoldenFeaturesOption,
  type GoldenModelOptions,
  type GoldenOption,
  type GoldenOutputOption,
  type GoldenSummary,
  goldenOptions,
} from './options.js'
export {
  type CifarPredictions,
  cifarPredictions,
  imagenetCategories,
  type TimmPretrained,
  type TorchvisionWeights,
  timmPretrained,
  torchvisionWeights,
} from './tables.js'
export {
  type GoldenKey,
  type GoldenParameter,
  goldenInput,
  goldenParams,
  goldenTensor,
  toNHWC,
} from './values.js'
