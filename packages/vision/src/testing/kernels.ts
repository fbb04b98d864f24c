import { beforeAll, describe } from 'vitest'
import { compileKernels } from '../kernels/compile.js'
import type { Kernels } from '../kernels/kernels.js'
import { typescriptKernels } from '../kernels/typescript.js'
import type { WasmKernels } from '../kernels/webassembly.js'

const inUse: { kernels: Kernels } = { kernels: typescriptKernels }

/** Stands for the function of that name in kernels/usual.ts where a test mocks that module by this one. */
export const usualKernels = (): Kernels => inUse.kernels

/** The kernels in WebAssembly, which the engine that runs the tests can compile. */
export function wasmKernels(): WasmKernels {
  const kernels = compileKernels()
  if (!kernels) throw new Error('WebAssembly with SIMD does not compile here')
  return kernels
}

/** Runs tests twice: with the kernels in WebAssembly, and with those in TypeScript. */
export function withBothKernels(name: string, tests: () => void): void {
  const both: readonly [string, () => Kernels][] = [
    ['WebAssembly', wasmKernels],
    ['TypeScript', () => typescriptKernels],
  ]
  describe.each(both)(`${name}, in %s`, (_, make) => {
    beforeAll(() => {
      inUse.kernels = make()
    })
    tests()
  })
}
