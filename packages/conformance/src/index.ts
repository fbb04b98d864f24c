export type { ConformanceCase, PlainNetwork, Tensors } from './case.js'
export { paramsOf } from './case.js'
export { conformanceCases } from './cases/index.js'
export { checkCase, compareTensors } from './check.js'
