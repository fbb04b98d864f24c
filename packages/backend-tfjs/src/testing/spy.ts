import '@tensorflow/tfjs-backend-cpu'
import {
  engine,
  env,
  findBackendFactory,
  getKernelsForBackend,
  type KernelBackend,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs-core'

/** A tfjs backend that computes as `cpu` does, and tells of, or fails at, every kernel. */
export interface Spy {
  readonly backendName: string
  /** Called before each kernel; what it throws the kernel throws. */
  beforeKernel: (kernelName: string) => void
}

/** Registers such a backend under a name of its own; `start` is what its factory waits for. */
export function registerSpy(backendName: string, start?: () => Promise<void>): Spy {
  const spy: Spy = { backendName, beforeKernel: () => undefined }
  const cpu = findBackendFactory('cpu') as () => KernelBackend
  for (const kernel of getKernelsForBackend('cpu')) {
    registerKernel({
      ...kernel,
      backendName,
      kernelFunc: (parameters) => {
        spy.beforeKernel(kernel.kernelName)
        return kernel.kernelFunc(parameters)
      },
    })
  }
  registerBackend(backendName, start ? () => start().then(cpu) : cpu, 0)
  return spy
}

/** How many tensors tfjs holds, whichever backend is current, or none. */
export function tensorCount(): number {
  return engine().state.numTensors
}

/** tfjs recommends its package for Node on the console, unless it is told that it is being tested. */
export function silence(): void {
  env().set('IS_TEST', true)
}
