export type { BinaryName, BinarySource } from './binary.js'
export type { WasmOptions } from './options.js'
export { wasm } from './wasm.js'
