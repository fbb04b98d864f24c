import { BackendError } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { Binaries, type BinaryName, binaryNameOf } from './binary.js'
import { detectFeatures } from './features.js'

describe('binaries', () => {
  test('have the names of their features', () => {
    expect(binaryNameOf({ relaxedSimd: false, sharedMemory: false })).toBe('simd')
    expect(binaryNameOf({ relaxedSimd: true, sharedMemory: false })).toBe('relaxed')
    expect(binaryNameOf({ relaxedSimd: false, sharedMemory: true })).toBe('simdShared')
    expect(binaryNameOf({ relaxedSimd: true, sharedMemory: true })).toBe('relaxedShared')
  })

  test.each<BinaryName>(['simd', 'relaxed', 'simdShared', 'relaxedShared'])('%s is what it is called', async (name) => {
    const { relaxedSimd } = detectFeatures()
    if (name.startsWith('relaxed') && !relaxedSimd)
      return expect(new Binaries().get(name)).rejects.toThrow(BackendError)
    const module = await new Binaries().get(name)
    const imports = WebAssembly.Module.imports(module).map(({ module, name, kind }) => `${module}.${name}: ${kind}`)
    expect(imports.sort()).toEqual(['env.memory: memory', 'env.now: function'])
    const shared = { initial: 1, maximum: 65536, shared: true }
    const memory = new WebAssembly.Memory(name.endsWith('Shared') ? shared : { initial: 1 })
    const { exports } = await WebAssembly.instantiate(module, { env: { memory, now: () => 0 } })
    const { heapBase, tileRows } = exports as unknown as Record<string, () => number>
    // What threads share lies below.
    expect(heapBase()).toBeGreaterThanOrEqual(1024)
    expect(tileRows()).toBeGreaterThan(0)
  })

  test('are made once', async () => {
    const binaries = new Binaries()
    const [one, other] = await Promise.all([binaries.get('simd'), binaries.get('simd')])
    expect(other).toBe(one)
    expect(await binaries.get('simd')).toBe(one)
  })
})

describe("a caller's binaries", () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))

  test('are asked for by name, once', async () => {
    const asked: BinaryName[] = []
    const binaries = new Binaries((name) => {
      asked.push(name)
      return empty
    })
    expect(await binaries.get('simdShared')).toBe(empty)
    expect(await binaries.get('simdShared')).toBe(empty)
    expect(asked).toEqual(['simdShared'])
  })

  test('that fail are a BackendError with the reason, and are asked for again', async () => {
    let isThere = false
    const binaries = new Binaries(async () => {
      if (isThere) return empty
      throw new Error('404')
    })
    const error = await binaries.get('relaxed').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toContain("the wasm engine's binary 'relaxed': expected to be compiled, found 404.")
    isThere = true
    expect(await binaries.get('relaxed')).toBe(empty)
  })

  test.each([
    [undefined, 'Undefined'],
    [new Uint8Array(8), 'Uint8Array'],
    ['simd.wasm', 'String'],
  ])('that are no modules but %o are a BackendError', async (value, found) => {
    const binaries = new Binaries(() => value as unknown as WebAssembly.Module)
    const error = await binaries.get('simd').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toContain(
      `expected a WebAssembly.Module from the option 'binary', found ${found}; compile the package's file simd.wasm.`,
    )
  })
})
