import { BackendError, OptionError, tensor } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { load } from '../index.js'
import { stage } from '../testing/stage.js'

const pixels = () => tensor([1, 32, 32, 3], new Float32Array(32 * 32 * 3).fill(0.5))
const lost = (backend: string) =>
  new BackendError({ subject: `backend '${backend}'`, expected: 'its GPU device', found: 'that it was lost' })

describe('the backends of a model', () => {
  test('the first computes, and the others are not even asked', async () => {
    const { player, live } = stage()
    const gpu = player('gpu')
    const wasm = player('wasm')
    const model = await load('cifar_resnet20', { backends: [gpu.backend, wasm.backend] })
    expect(model.describe()).toMatchObject({ backend: 'gpu', notes: [] })
    expect(wasm.events).toEqual([])
    await model.dispose()
    expect(live()).toEqual([])
  })

  test('one that is not available is told of', async () => {
    const { player } = stage()
    const backends = [player('gpu', { absent: 'no adapter' }).backend, player('wasm').backend]
    const model = await load('cifar_resnet20', { backends })
    expect(model.describe()).toMatchObject({ backend: 'wasm', notes: ['Not on gpu: no adapter.'] })
    await model.dispose()
  })

  test('one that cannot compile the network leaves it to the next that is available', async () => {
    const { player, live } = stage()
    const small = new BackendError({ subject: "node 'fc'", expected: 'at most 2 MiB', found: '4 MiB' })
    const gpu = player('gpu', { compiling: small })
    const absent = player('npu', { absent: 'not here' })
    const model = await load('cifar_resnet20', { backends: [gpu.backend, absent.backend, player('wasm').backend] })
    expect(model.describe()).toMatchObject({
      backend: 'wasm',
      notes: ['Not on npu: not here.', "Not on gpu: node 'fc': expected at most 2 MiB, found 4 MiB."],
    })
    await model.features(new Uint8Array(await chelsea()), ['layer1'])
    expect(gpu.events.filter((event) => event === 'compile')).toHaveLength(1)
    await model.dispose()
    expect(live()).toEqual([])
  })

  test('where none is left, the reasons of all are told; a single one has its own error', async () => {
    const { player } = stage()
    const failing = [player('gpu', { compiling: lost('gpu') }), player('wasm', { compiling: lost('wasm') })]
    const both = load('cifar_resnet20', { backends: failing.map(({ backend }) => backend) })
    await expect(both).rejects.toThrow(
      "backends: expected one that is available here, found gpu: backend 'gpu': expected its GPU device, " +
        "found that it was lost; wasm: backend 'wasm': expected its GPU device, found that it was lost.",
    )
    const error = lost('gpu')
    const one = load('cifar_resnet20', { backends: [player('gpu', { compiling: error }).backend] })
    await expect(one).rejects.toBe(error)
  })

  test('an error of another kind is nobody else’s to mend', async () => {
    const { player } = stage()
    const error = new OptionError({ subject: 'x', expected: 'y', found: 'z' })
    const wasm = player('wasm')
    const backends = [player('gpu', { compiling: error }).backend, wasm.backend]
    await expect(load('cifar_resnet20', { backends })).rejects.toBe(error)
    expect(wasm.events).toEqual([])
  })

  test('one that fails in a run leaves it to the next, with the same pixels, for good', async () => {
    const { player, live } = stage()
    const wasm = player('wasm')
    const alone = await load('cifar_resnet20', { backends: [wasm.backend] })
    const expected = await alone.predict(pixels())
    await alone.dispose()
    const gpu = player('gpu')
    const model = await load('cifar_resnet20', { backends: [gpu.backend, wasm.backend] })
    expect(await model.predict(pixels())).toEqual(expected)
    gpu.play({ running: lost('gpu') })
    wasm.events.length = 0
    const given = pixels()
    const running = [model.predict(given), model.predict(given)]
    given.data.fill(7)
    expect(await Promise.all(running)).toEqual([expected, expected])
    expect(wasm.events).toEqual(['asked', 'compile', 'run', 'run'])
    expect(live()).toEqual(['wasm'])
    expect(model.describe()).toMatchObject({
      backend: 'wasm',
      notes: ["Not on gpu: backend 'gpu': expected its GPU device, found that it was lost."],
    })
    await model.dispose()
    expect(live()).toEqual([])
  })

  test('sessions of taps move on too, and where there is no other the error is told', async () => {
    const { player, live } = stage()
    const gpu = player('gpu')
    const wasm = player('wasm')
    const model = await load('cifar_resnet20', { backends: [gpu.backend, wasm.backend] })
    const image = new Uint8Array(await chelsea())
    await model.features(image, ['layer1'])
    expect(live()).toEqual(['gpu', 'gpu'])
    gpu.play({ running: lost('gpu') })
    await model.predict(pixels())
    await model.features(image, ['layer1'])
    expect(live()).toEqual(['wasm', 'wasm'])
    const error = lost('wasm')
    wasm.play({ running: error })
    await expect(model.predict(pixels())).rejects.toBe(error)
    wasm.play({})
    await model.predict(pixels())
    await model.dispose()
    expect(live()).toEqual([])
  })

  test('a model that is disposed of while it moves on frees both', async () => {
    const { player, live } = stage()
    const gpu = player('gpu')
    const model = await load('cifar_resnet20', { backends: [gpu.backend, player('wasm', { delay: 20 }).backend] })
    gpu.play({ running: lost('gpu') })
    const running = model.predict(pixels()).catch((error: unknown) => error)
    await Promise.all([running, model.dispose()])
    expect(live()).toEqual([])
  })
})

async function chelsea(): Promise<ArrayBuffer> {
  const { readFile } = await import('node:fs/promises')
  const bytes = await readFile(new URL('../../../../examples/chelsea.png', import.meta.url))
  return Uint8Array.from(bytes).buffer
}
