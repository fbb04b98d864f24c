import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { describeConformance } from './vitest.js'

describeConformance('tfjs-wasm', tfjsWasm)
