import { describe, expect, test, vi } from 'vitest'
import { availabilityOf, detectFeatures, type Features } from './features.js'

const all: Features = {
  webAssembly: true,
  simd: true,
  relaxedSimd: true,
  compiling: true,
  sharedMemory: true,
  cores: 4,
}

describe('detecting features', () => {
  test('finds what Node has', () => {
    const { relaxedSimd, cores, ...rest } = detectFeatures()
    expect(rest).toEqual({ webAssembly: true, simd: true, compiling: true, sharedMemory: true })
    expect(cores).toBeGreaterThanOrEqual(1)
    // Relaxed SIMD came with V8 11.4.
    const [major, minor] = process.versions.v8.split('.').map(Number)
    expect(relaxedSimd).toBe(major > 11 || (major === 11 && minor >= 4))
  })

  test('finds nothing where there is no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    const found = detectFeatures()
    vi.unstubAllGlobals()
    expect(found).toMatchObject({ webAssembly: false, simd: false, relaxedSimd: false, compiling: false })
  })

  test('finds no shared memory in a page that is not isolated, nor where there is none', () => {
    vi.stubGlobal('crossOriginIsolated', false)
    expect(detectFeatures().sharedMemory).toBe(false)
    vi.stubGlobal('crossOriginIsolated', true)
    expect(detectFeatures().sharedMemory).toBe(true)
    vi.stubGlobal('SharedArrayBuffer', undefined)
    expect(detectFeatures().sharedMemory).toBe(false)
    vi.unstubAllGlobals()
  })

  test('finds that compiling is forbidden', () => {
    vi.stubGlobal('WebAssembly', {
      validate: () => true,
      Module: class {
        constructor() {
          throw new Error('Wasm code generation disallowed by embedder')
        }
      },
    })
    const found = detectFeatures()
    vi.unstubAllGlobals()
    expect(found).toMatchObject({ simd: true, compiling: false })
  })
})

describe('being available', () => {
  test('with SIMD, and no more', () => {
    expect(availabilityOf(all, {})).toEqual({ available: true })
    expect(availabilityOf({ ...all, relaxedSimd: false, sharedMemory: false, cores: 1 }, {})).toEqual({
      available: true,
    })
  })

  test.each<[Partial<Features>, RegExp]>([
    [{ webAssembly: false, simd: false, compiling: false }, /^there is no WebAssembly here$/],
    [{ simd: false }, /has no SIMD/],
    [{ compiling: false }, /Content-Security-Policy has to allow 'wasm-unsafe-eval'.*option 'binary'$/],
  ])('without %o it is not, and says why', (lack, reason) => {
    expect(availabilityOf({ ...all, ...lack }, {})).toEqual({
      available: false,
      reason: expect.stringMatching(reason),
    })
  })

  test("where compiling is forbidden, with the caller's modules", () => {
    const binary = () => Promise.reject(new Error('not asked for'))
    expect(availabilityOf({ ...all, compiling: false }, { binary })).toEqual({ available: true })
  })
})
