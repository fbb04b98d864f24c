export type { TfjsDevice } from './device.js'
export type { TfjsOptions } from './tfjs.js'
export { tfjs } from './tfjs.js'
