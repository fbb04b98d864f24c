import type { Tensor } from '@tensorflow/tfjs-core'
import type { TfjsDevice } from './device.js'
import type { Engine } from './engine.js'
import type { KernelFactory } from './kernel.js'
import type { TfjsCore } from './tfjsCore.js'

/** What computes the nodes of a session: a tfjs backend, the kernels, and what there is to do around them. */
export interface TfjsRuntime {
  readonly host: TfjsHost
  /** The tfjs backend, which is initialised. */
  readonly backendName: string
  readonly device: TfjsDevice
  readonly kernelOf: KernelFactory
  /**
   * Does what has to be done once for inputs of new shapes. `pass` calls every kernel, on values that nobody reads; left
   * out, there is nothing to do.
   */
  readonly prepare?: (pass: () => Promise<void>) => Promise<void>
  /** The values of some tensors, each in memory of its own; left out, they are read one by one. */
  readonly read?: (values: readonly Tensor[]) => Promise<readonly Float32Array[]>
  /** Surrounds every compilation and run; what it throws is what the caller gets. */
  readonly guard?: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Frees what the runtime holds, once the session's tensors are gone. */
  readonly close?: () => void
}

/** tfjs, of which there is one in a page or a process. */
export interface TfjsHost {
  readonly tf: TfjsCore
  readonly engine: Engine
}
