import { fileURLToPath } from 'node:url'
import { reference } from '@resnet-ts/backend-reference'
import { OptionError, ResnetError, tensor } from '@resnet-ts/graph'
import { ImageError } from '@resnet-ts/vision'
import { cifar_resnet20, initialise } from '@resnet-ts/zoo'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ImageOptions, type LoadOptions, load, type Model } from './index.js'

const chelsea = fileURLToPath(new URL('../../../examples/chelsea.png', import.meta.url))
const quick = { backends: [reference()] }

let model: Model
beforeAll(async () => {
  model = await load('cifar_resnet20', quick)
})
afterAll(() => model.dispose())

/** What a caller without types may write. */
const anyOptions = (options: unknown) => options as never

describe('load', () => {
  test.each<[unknown, string]>([
    [{ weight: 'x.safetensors' }, "options of load: expected weights, .* found 'weight'; the nearest is 'weights'"],
    [{ Strict: false }, "found 'Strict'; the nearest is 'strict'"],
    [{ numClasses: 3 }, "found 'numClasses'"],
    [{ options: { numClases: 3 } }, "options of cifar_resnet20: .* found 'numClases'; the nearest is 'numClasses'"],
    [{ options: { outputStride: '8' } }, "outputStride that is the number 8, 16 or 32, found '8'"],
    [{ options: 3 }, "option 'options' of load: expected an object of options of the architecture, found 3"],
    [{ labels: 'cat' }, "option 'labels' of load: expected a list of names, found 'cat'"],
    [{ labels: [1] }, 'expected a list of names'],
    [{ backends: reference() }, "option 'backends' of load: expected a list of backends, found an object"],
    [{ choose: 'quickest' }, "option 'choose' of load: expected 'first' or 'fastest', found 'quickest'"],
    [{ strict: 'no' }, "option 'strict' of load: expected true or false, found 'no'"],
    [7, 'options of load: expected an object, found 7'],
    [null, 'expected an object, found null'],
  ])('refuses %o', async (options, said) => {
    const attempt = load('cifar_resnet20', anyOptions(options))
    await expect(attempt).rejects.toThrow(OptionError)
    await expect(attempt).rejects.toThrow(new RegExp(said))
  })

  test('refuses to build a graph that is built', async () => {
    const graph = cifar_resnet20()
    const { preprocess } = cifar_resnet20
    const attempt = load(graph, { ...quick, weights: initialise(graph), preprocess, options: { numClasses: 3 } })
    await expect(attempt).rejects.toThrow("expected no 'options': it is built already, found ['numClasses']")
  })

  test('knows every option that it documents', async () => {
    const options: Required<{ [Name in keyof LoadOptions]: undefined }> = {
      weights: undefined,
      config: undefined,
      labels: undefined,
      preprocess: undefined,
      strict: undefined,
      options: undefined,
      backends: undefined,
      choose: undefined,
      signal: undefined,
      fetch: undefined,
      onProgress: undefined,
      cacheDir: undefined,
      torchHome: undefined,
    }
    await expect(load('no_such', options)).rejects.toThrow('a name of the zoo')
  })

  test.each([[() => cifar_resnet20()], [[cifar_resnet20]], [{}], [{ nodes: 3 }], [true]])(
    'refuses the model %o',
    async (source) => {
      await expect(load(source as never, quick)).rejects.toThrow(ResnetError)
    },
  )

  test('null weights are refused', async () => {
    await expect(load('cifar_resnet20', anyOptions({ weights: null }))).rejects.toThrow(ResnetError)
  })
})

describe('a model', () => {
  const pixels = tensor([1, 32, 32, 3], new Float32Array(32 * 32 * 3))
  const calls: [string, (options: never) => Promise<unknown>][] = [
    ['classify', (options) => model.classify(chelsea, options)],
    ['embed', (options) => model.embed(chelsea, options)],
    ['features', (options) => model.features(chelsea, ['layer1'], options)],
    ['explain', (options) => model.explain(chelsea, 0, options)],
    ['prepare', (options) => model.prepare(chelsea, options)],
    ['predict', (options) => model.predict(pixels, options)],
  ]
  test.each(calls)('%s refuses an option that there is not, and takes those there are', async (name, call) => {
    await expect(call(anyOptions({ singal: 1 }))).rejects.toThrow(OptionError)
    await expect(call(anyOptions({ singal: 1 }))).rejects.toThrow(
      new RegExp(`options of ${name}: .* found 'singal'; the nearest is 'signal'`),
    )
    await expect(call(anyOptions(3))).rejects.toThrow('expected an object, found 3')
    await expect(call(anyOptions({ signal: new AbortController().signal }))).resolves.toBeDefined()
  })

  test('topK and batchSize are named as they are written, and told from text', async () => {
    await expect(model.classify(chelsea, anyOptions({ topk: 1 }))).rejects.toThrow("the nearest is 'topK'")
    await expect(model.classify(chelsea, anyOptions({ topK: '3' }))).rejects.toThrow(
      "option 'topK': expected a whole number from 1, found '3'",
    )
    await expect(model.embed(chelsea, anyOptions({ topK: 3 }))).rejects.toThrow("found 'topK'")
  })

  test('an overlay refuses what it does not know', async () => {
    const explanation = await model.explain(chelsea)
    expect(() => explanation.overlay(anyOptions({ alpha: 1 }))).toThrow(
      "options of overlay: expected opacity, found 'alpha'",
    )
    await expect(model.explain(chelsea, anyOptions({ signal: undefined }))).rejects.toThrow(
      'the class to explain: expected a whole number from 0 to 9, found an object',
    )
  })

  test.each<[unknown, string]>([
    ['layer1', "the taps of features: expected a list of names, found 'layer1'; write ['layer1']"],
    [undefined, 'expected a list of names, found undefined'],
    [[1], 'expected a list of names, found [1]'],
  ])('taps that are %o are refused', async (taps, said) => {
    await expect(model.features(chelsea, anyOptions(taps))).rejects.toThrow(OptionError)
    await expect(model.features(chelsea, anyOptions(taps))).rejects.toThrow(said)
  })
})

describe('an image that cannot be read', () => {
  const images = [chelsea, 'missing.png', chelsea, 'none.png', 'nothing.png', chelsea]

  test.each([1, 2, 3, 8])('is told of and leaves an empty result, in batches of %d', async (batchSize) => {
    const failed: [string, number][] = []
    const timed: number[] = []
    const options: ImageOptions = {
      batchSize,
      onFailure(error, index) {
        expect(error).toBeInstanceOf(ImageError)
        failed.push([(error as ImageError).message.split(':')[0]!, index])
      },
      onTimings: (_, index) => timed.push(index),
    }
    const predictions = await model.classify(images, options)
    expect(predictions.map(([best]) => best?.label)).toEqual(['cat', undefined, 'cat', undefined, undefined, 'cat'])
    expect(failed).toEqual([
      ['missing.png', 1],
      ['none.png', 3],
      ['nothing.png', 4],
    ])
    expect(timed).toEqual([0, 2, 5])
    const vectors = await model.embed(images, options)
    expect(vectors.map(({ length }) => length)).toEqual([64, 0, 64, 0, 0, 64])
    expect(vectors[5]).toEqual(vectors[0])
  })

  test('alone has an empty result, too', async () => {
    expect(await model.classify('missing.png', { onFailure: () => undefined })).toEqual([])
  })

  test('is another thing than a call that cannot be', async () => {
    const failures: unknown[] = []
    const onFailure = (error: unknown) => failures.push(error)
    const aborted = model.classify(images, { onFailure, signal: AbortSignal.abort(new Error('enough')) })
    await expect(aborted).rejects.toThrow('enough')
    const graph = cifar_resnet20({ inChannels: 1 })
    const { preprocess } = cifar_resnet20
    const other = await load(graph, { ...quick, weights: initialise(graph), preprocess })
    await expect(other.classify(images, { onFailure })).rejects.toThrow('three channels')
    await other.dispose()
    await expect(other.classify(images, { onFailure })).rejects.toThrow('disposed')
    expect(failures).toEqual([])
  })
})
