import { compileKernels } from './compile.js'
import type { Kernels } from './kernels.js'
import { typescriptKernels } from './typescript.js'

/** The kernels that are the fastest here: found when they are first asked for, and kept. */
export const usualKernels: () => Kernels = once(() => compileKernels() ?? typescriptKernels)

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
