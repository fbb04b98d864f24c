import { OptionError } from '@resnet-ts/graph'
import { describe, expect, it } from 'vitest'
import { webgpu } from './index.js'

describe('options', () => {
  it.each([
    [{ f16: 1 }, "option 'f16' of webgpu(): expected true or false, found 1."],
    [{ imageSize: 0 }, "option 'imageSize' of webgpu(): expected a whole number from 1 to 16384, found 0."],
    [{ imageSize: 2.5 }, "option 'imageSize' of webgpu(): expected a whole number from 1 to 16384, found 2.5."],
    [
      { powerPreference: 'most' },
      "option 'powerPreference' of webgpu(): expected 'high-performance' or 'low-power', found 'most'.",
    ],
    [
      { fp16: true },
      "options of webgpu: expected f16, imageSize, powerPreference, found 'fp16'; the nearest is 'f16'.",
    ],
  ])('%o are refused', (options, message) => {
    expect(() => webgpu(options as object)).toThrow(OptionError)
    expect(() => webgpu(options as object)).toThrow(message)
  })
})

describe('where there is no WebGPU', () => {
  it('it is not available, and says why; tfjs is not imported for that', async () => {
    expect(await webgpu().isAvailable()).toEqual({ available: false, reason: 'no WebGPU here' })
    expect('_tfengine' in globalThis || '_tfGlobals' in globalThis).toBe(false)
  })
})
