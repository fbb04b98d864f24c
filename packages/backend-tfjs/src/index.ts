export type { TfjsDevice, TfjsOptions } from './tfjs.js'
export { tfjs } from './tfjs.js'
