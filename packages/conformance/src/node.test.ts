import { onnxruntime } from '@resnet-ts/backend-node'
import { test } from 'vitest'
import { describeConformance } from './vitest.js'

const availability = await onnxruntime().isAvailable()

if (availability.available) describeConformance('onnxruntime-node', onnxruntime)
else test.skip(`onnxruntime-node conforms: ${availability.reason}`)
