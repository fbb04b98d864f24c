import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileKernels } from './compile.js'

describe('usualKernels', () => {
  // The module keeps what it has found.
  beforeEach(() => vi.resetModules())
  afterEach(() => vi.unstubAllGlobals())

  async function nameHere(): Promise<string> {
    const { usualKernels } = await import('./usual.js')
    const { typescriptKernels } = await import('./typescript.js')
    const { WasmKernels } = await import('./webassembly.js')
    const kernels = usualKernels()
    expect(usualKernels()).toBe(kernels)
    return kernels === typescriptKernels ? 'TypeScript' : kernels instanceof WasmKernels ? 'WebAssembly' : 'others'
  }

  it('are those in WebAssembly, compiled once', async () => {
    const compile = vi.spyOn(WebAssembly, 'Module')
    expect(await nameHere()).toBe('WebAssembly')
    expect(compile).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['there is no WebAssembly', undefined],
    [
      'the policy of a page forbids it, or it has no SIMD',
      {
        ...WebAssembly,
        Module: class {
          constructor() {
            throw new WebAssembly.CompileError('refused')
          }
        },
      },
    ],
  ])('are those in TypeScript where %s', async (_, stub) => {
    vi.stubGlobal('WebAssembly', stub)
    expect(compileKernels()).toBeUndefined()
    expect(await nameHere()).toBe('TypeScript')
  })
})
