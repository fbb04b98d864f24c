import { OptionError } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import type { WasmOptions } from './options.js'
import { wasm } from './wasm.js'

describe('options', () => {
  test.each<[WasmOptions | Record<string, unknown>, string]>([
    [{ threads: 0 }, "option 'threads' of wasm(): expected a whole number from 1 to 64, found 0."],
    [{ threads: 1.5 }, "option 'threads' of wasm(): expected a whole number from 1 to 64, found 1.5."],
    [{ threads: 65 }, "option 'threads' of wasm(): expected a whole number from 1 to 64, found 65."],
    [{ threads: '2' }, "option 'threads' of wasm(): expected a whole number from 1 to 64, found 2."],
    [{ threads: Number.NaN }, "option 'threads' of wasm(): expected a whole number from 1 to 64, found NaN."],
    [{ threads: 2, worker: false }, "option 'threads' of wasm(): expected 1, where no worker is started, found 2."],
    [{ imageSize: -1 }, "option 'imageSize' of wasm(): expected a whole number from 1 to 16384, found -1."],
    [{ memory: 'much' }, "option 'memory' of wasm(): expected 'default' or 'low', found much."],
  ])('%o is an OptionError', (options, message) => {
    expect(() => wasm(options as WasmOptions)).toThrow(OptionError)
    expect(() => wasm(options as WasmOptions)).toThrow(message)
  })

  test.each<WasmOptions>([{}, { threads: 64, imageSize: 1, memory: 'low' }, { worker: false, threads: 1 }])(
    '%o is fine',
    (options) => {
      expect(wasm(options).name).toBe('wasm')
    },
  )
})
