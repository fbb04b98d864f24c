import { goldenTensor } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../../errors.js'
import { readCheckpoint } from '../../readCheckpoint.js'
import { bitsOf, expectTiny, fixture, fixtureUrl, tinyShapes } from '../../testing/fixtures.js'
import { readZip } from '../zip/readZip.js'
import { parseTorchLegacy } from './torchLegacy.js'
import { parseTorchZip } from './torchZip.js'

async function refusal(name: string, bytes = fixture(name)): Promise<string> {
  const error = await readCheckpoint(bytes).then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message
}

describe('a state_dict', () => {
  test.each([
    ['tiny.pt', 'pytorch'],
    ['tiny-protocol4.pt', 'pytorch'],
    ['tiny-legacy.pth', 'pytorch-legacy'],
    ['tiny-legacy-protocol3.pth', 'pytorch-legacy'],
  ])('of %s', async (name, format) => {
    const checkpoint = await readCheckpoint(fixture(name))
    expect(checkpoint).toMatchObject({ format, part: '', parts: [''] })
    expect([...checkpoint.tensors.keys()]).toEqual([...tinyShapes.keys()])
    expectTiny(checkpoint)
  })

  test.each(['tiny.pt', 'tiny-legacy.pth', 'tiny-protocol4.pt'])('of %s as Node reads the file', async (name) => {
    expectTiny(await readCheckpoint(fixtureUrl(name)))
  })

  test('of a zip is read in place', () => {
    const bytes = fixture('tiny.pt')
    const { tensors } = parseTorchZip(readZip(bytes))
    for (const { read } of tensors.values()) expect(read().buffer).toBe(bytes.buffer)
  })
})

describe('what a training script wraps', () => {
  test.each(['wrapped.pt', 'wrapped-legacy.pth'])('is found in %s', async (name) => {
    const checkpoint = await readCheckpoint(fixture(name))
    expect(checkpoint.part).toBe('state_dict')
    expect(checkpoint.parts).toEqual(['', 'state_dict', 'state_dict_ema'])
    expectTiny(checkpoint, { prefix: 'module.' })
    expect(checkpoint.tensors.get('module.bn1.num_batches_tracked')?.dtype).toBe('I64')
  })

  test('is the running average where that is asked for', async () => {
    const checkpoint = await readCheckpoint(fixture('wrapped.pt'), { part: 'state_dict_ema' })
    expect(checkpoint.part).toBe('state_dict_ema')
    expectTiny(checkpoint, { prefix: 'module.', add: 1 })
  })

  test('may lie deeper', async () => {
    const checkpoint = await readCheckpoint(fixture('nested.pt'))
    expect(checkpoint.parts).toEqual(['model'])
    expectTiny(checkpoint, { prefix: 'model_ema.' })
  })

  test('holds NumPy’s arrays too', async () => {
    const { tensors } = await readCheckpoint(fixture('wrapped.pt'), { part: '' })
    expect([...tensors.keys()]).toEqual(['best_acc', 'history'])
    expect([...tensors.get('best_acc')!.read()]).toEqual([91.5])
    expect(tensors.get('history')!.shape).toEqual([3, 2])
    expect([...tensors.get('history')!.read()]).toEqual([0, 3, 1, 4, 2, 5])
  })

  test('is refused under another name', async () => {
    await expect(readCheckpoint(fixture('wrapped.pt'), { part: 'ema' })).rejects.toThrow(
      "expected tensors under 'ema', found those under '', 'state_dict', 'state_dict_ema'.",
    )
  })
})

describe.each(['strided.pt', 'strided-legacy.pth'])('views and types in %s', (name) => {
  const base = [...goldenTensor('base', [4, 6])]
  const halves = goldenTensor('halves', [3, 5])
  const at = (rows: number[], columns: number[]) =>
    rows.flatMap((row) => columns.map((column) => base[6 * row + column]!))

  test.each([
    ['base', [4, 6], base],
    ['transposed', [6, 4], [0, 1, 2, 3, 4, 5].flatMap((column) => at([0, 1, 2, 3], [column]))],
    ['columns', [4, 3], at([0, 1, 2, 3], [1, 3, 5])],
    ['rows', [2, 6], base.slice(12)],
    ['row', [6], base.slice(6, 12)],
    ['cell', [], [base[22]!]],
    ['expanded', [3, 6], at([0, 0, 0], [0, 1, 2, 3, 4, 5])],
    ['empty', [0, 6], []],
    ['nhwc', [2, 3, 4, 5], [...goldenTensor('nhwc', [2, 3, 4, 5])]],
    ['F64', [3, 5], [...halves]],
    ['parameter', [3, 5], [...halves]],
  ])('%s', async (key, shape, values) => {
    const tensor = (await readCheckpoint(fixture(name))).tensors.get(key)!
    expect(tensor.shape).toEqual(shape)
    expect(bitsOf(tensor.read())).toEqual(bitsOf(Float32Array.from(values)))
  })

  test('F16 and BF16', async () => {
    const { tensors } = await readCheckpoint(fixture(name))
    for (const [key, precision] of [
      ['F16', 2 ** -11],
      ['BF16', 2 ** -8],
    ] as const) {
      expect(tensors.get(key)!.dtype).toBe(key)
      const values = tensors.get(key)!.read()
      values.forEach((value, index) => {
        expect(Math.abs(value - halves[index]!)).toBeLessThanOrEqual(Math.abs(halves[index]!) * precision)
      })
    }
    const [straight, transposed] = [tensors.get('F16')!.read(), tensors.get('F16.transposed')!.read()]
    expect(transposed).toEqual(straight.map((_, index) => straight[(index % 3) * 5 + Math.floor(index / 3)]!))
  })

  test('whole numbers are listed, and not read', async () => {
    const { tensors } = await readCheckpoint(fixture(name))
    for (const dtype of ['I64', 'I32', 'U8', 'BOOL']) {
      expect(tensors.get(dtype)).toMatchObject({ dtype, shape: [dtype === 'BOOL' ? 2 : 3] })
      expect(() => tensors.get(dtype)!.read()).toThrow(
        `expected elements of type F64, F32, F16 or BF16, found ${dtype}`,
      )
    }
  })
})

describe('refuses', () => {
  test('a whole module', async () => {
    expect(await refusal('whole-module.pt')).toMatch(
      /expected only names that rebuild tensors, found 'torch\.nn\.modules\.container\.Sequential'; it holds Python objects, perhaps a whole model, and not tensors alone: .* re-save it with torch\.save\(model\.state_dict\(\), …\) or as safetensors\.$/,
    )
  })

  test('TorchScript', async () => {
    expect(await refusal('torchscript.pt')).toMatch(/found a TorchScript archive; re-save it with torch\.save/)
  })

  test('big-endian files', async () => {
    const legacy = Buffer.from(fixture('tiny-legacy.pth'))
    legacy[legacy.indexOf('little_endian') + 'little_endian'.length + 2] = 0x89
    expect(await refusal('', new Uint8Array(legacy))).toMatch(
      /PyTorch legacy file: expected little-endian numbers, found big-endian ones; re-save it on/,
    )
  })

  test('every file that was cut short', async () => {
    for (const name of ['tiny.pt', 'tiny-legacy.pth']) {
      const whole = fixture(name)
      for (let length = 16; length < whole.length; length += 7) {
        expect(await refusal(name, whole.slice(0, length))).toMatch(/: expected/)
      }
    }
  })

  test('a state_dict of nothing', () => {
    const empty = Buffer.concat([
      fixture('tiny-legacy.pth').subarray(0, 0x89),
      Buffer.from('\x80\x02}.\x80\x02].', 'latin1'),
    ])
    const read = () => parseTorchLegacy(new Uint8Array(empty))
    expect(read).toThrow(/expected a state_dict: a dictionary of tensors, found a dictionary; re-save it/)
  })
})
