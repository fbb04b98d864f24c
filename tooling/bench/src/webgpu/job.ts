import type { GpuCounts } from '@resnet-ts/testing/gpuCounts'
import type { Options } from '../options.js'

/** A network to count for. */
export interface CountJob {
  readonly model: string
  readonly batch: number
  readonly size: number
}

/** What a network asked of the GPU. */
export interface NetworkCounts extends CountJob {
  readonly device: string
  /** Nodes of the network once it is optimised, without inputs. */
  readonly nodes: number
  /** Of these, those that are softmax, which may take more than one dispatch. */
  readonly softmaxes: number
  readonly compile: GpuCounts
  readonly firstRun: GpuCounts
  readonly secondRun: GpuCounts
}

/** What the adapter in software can be asked for. */
const usualSize = 64

export function jobsOfCount(model: string, { batches, size = usualSize }: Options): CountJob[] {
  return batches.map((batch) => ({ model, batch, size }))
}
