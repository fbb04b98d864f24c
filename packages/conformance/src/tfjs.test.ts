import '@tensorflow/tfjs-backend-cpu'
import { tfjs } from '@resnet-ts/backend-tfjs'
import { describeConformance } from './vitest.js'

describeConformance('tfjs-cpu', () => tfjs({ backendName: 'cpu' }))
