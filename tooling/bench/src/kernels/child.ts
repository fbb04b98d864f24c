import { answer } from '../runtimes/node/ask.js'
import { place } from '../runtimes/node/place.js'
import { type KernelJob, measureKernels } from './measure.js'

// The process of one measurement.
answer((job: KernelJob) => measureKernels(job, place))
