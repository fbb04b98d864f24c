import { reference } from '@resnet-ts/backend-reference'
import { describeConformance } from './vitest.js'

describeConformance('reference', reference)
