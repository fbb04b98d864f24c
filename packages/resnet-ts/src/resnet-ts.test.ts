import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { reference } from '@resnet-ts/backend-reference'
import { compareValues, describeWorst, goldenInput, goldenModel, goldenParams } from '@resnet-ts/golden'
import { type Backend, BackendError, OptionError, ResnetError, ShapeError, tensor } from '@resnet-ts/graph'
import { cifar10Resnet20 } from '@resnet-ts/pretrained-cifar10-resnet20'
import { decode, ImageError } from '@resnet-ts/vision'
import { BindingError, CheckpointError, readCheckpoint, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, cifar_resnet32, initialise, UnknownModelError } from '@resnet-ts/zoo'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { load, MissingWeightsError, type Model, topPredictions } from './index.js'

const example = (name: string) => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url))
const examples = ['chelsea.png', 'coffee.png', 'rocket.jpg'] as const

describe('the embedded model', () => {
  let model: Model
  beforeAll(async () => {
    model = await load()
  })
  afterAll(() => model.dispose())

  // The card carries what PyTorch answers for these three.
  const card = cifar10Resnet20.config as unknown as { examples: Record<string, [string, number][]> }
  test.each(examples)('%s is classified as the card says', async (name) => {
    const predictions = await model.classify(example(name), { topK: 3 })
    expect(predictions.map(({ label }) => label)).toEqual(card.examples[name]!.map(([label]) => label))
    for (const [index, [, probability]] of card.examples[name]!.entries()) {
      // JPEG decoders may differ by a level, so the last digit of the card is not held.
      expect(predictions[index]!.probability).toBeCloseTo(probability, name.endsWith('.jpg') ? 2 : 3)
    }
  })

  test('a list gives a list, in batches of any size, with timings of each', async () => {
    const images = [...examples, 'chelsea.png'].map(example)
    const single = await Promise.all(images.map((image) => model.classify(image)))
    for (const batchSize of [1, 3, 8]) {
      const timed: number[] = []
      const listed = await model.classify(images, { batchSize, onTimings: (_timings, index) => timed.push(index) })
      expect(listed.map(([best]) => best!.label)).toEqual(single.map(([best]) => best!.label))
      expect(timed).toEqual([0, 1, 2, 3])
    }
    expect(await model.classify([])).toEqual([])
  })

  test('bytes, a decoded image and raw RGBA are images too', async () => {
    const expected = await model.classify(example('chelsea.png'))
    const bytes = new Uint8Array(readFileSync(example('chelsea.png')))
    const decoded = await decode(bytes)
    const rgba = new Uint8ClampedArray(decoded.width * decoded.height * 4)
    for (let pixel = 0; pixel < decoded.width * decoded.height; pixel++) {
      rgba.set(decoded.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
    }
    for (const image of [bytes, new Blob([bytes]), decoded, { ...decoded, data: rgba }]) {
      expect(await model.classify(image)).toEqual(expected)
    }
  })

  test('a 1×1 and a 30,000×1 image are classified', async () => {
    for (const [width, height] of [
      [1, 1],
      [30_000, 1],
      [1, 30_000],
    ] as const) {
      const data = new Uint8Array(width * height * 3).fill(128)
      expect(await model.classify({ width, height, data }, { topK: 10 })).toHaveLength(10)
    }
  })

  test('embeds as the classifier sees it', async () => {
    const embedding = await model.embed(example('chelsea.png'))
    expect(embedding).toHaveLength(64)
    const [again, other] = await model.embed([example('chelsea.png'), example('coffee.png')])
    expect(compareValues(again!, embedding, { absolute: 1e-5, relative: 1e-5 }).within).toBe(true)
    expect(other).not.toEqual(again)
  })

  test('predicts from prepared pixels, of any size', async () => {
    const pixels = await model.prepare(example('chelsea.png'))
    expect(pixels.shape).toEqual([1, 32, 32, 3])
    const logits = await model.predict(pixels)
    expect(logits.shape).toEqual([1, 10])
    expect(topPredictions(logits.data, model.labels, 1)[0]?.label).toBe('cat')
    const large = await model.predict(tensor([2, 45, 33, 3], new Float32Array(2 * 45 * 33 * 3)))
    expect(large.shape).toEqual([2, 10])
    await expect(model.predict(tensor([1, 32, 32, 4], new Float32Array(4096)))).rejects.toThrow(ShapeError)
  })

  test.each([{ topK: 0 }, { topK: 1.5 }, { topK: Number.NaN }, { batchSize: 0 }, { batchSize: -1 }])(
    'refuses %o',
    async (options) => {
      await expect(model.classify(example('chelsea.png'), options)).rejects.toThrow(OptionError)
    },
  )

  test('gives its weights, with which its graph is loaded once more', async () => {
    const { graph, params, labels, preprocess } = model
    const again = await load(graph, { weights: params, labels, preprocess })
    expect(await again.classify(example('chelsea.png'))).toEqual(await model.classify(example('chelsea.png')))
    await again.dispose()
  })

  test('many images at once on one signal raise no warning', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    const { signal } = new AbortController()
    await model.classify(Array(24).fill(example('chelsea.png')), { batchSize: 24, signal })
    // Warnings are told on the next turn.
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })

  test('a missing image among many fails by its name', async () => {
    const images = [example('chelsea.png'), example('no-such.png'), example('coffee.png')]
    await expect(model.classify(images, { batchSize: 1 })).rejects.toThrow('no-such.png')
    await expect(model.classify(images)).rejects.toThrow(ImageError)
  })

  test('ends early by its signal', async () => {
    await expect(model.classify(example('chelsea.png'), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    const controller = new AbortController()
    const reason = new Error('enough')
    const run = model.classify(Array(64).fill(example('chelsea.png')), {
      batchSize: 1,
      signal: controller.signal,
      onTimings: () => controller.abort(reason),
    })
    await expect(run).rejects.toBe(reason)
    expect((await model.classify(example('chelsea.png')))[0]?.label).toBe('cat')
  })
})

describe('load', () => {
  const quick = { backends: [reference()] }

  test.each(['cifar_resnet20', 'cifar_resnet20.cifar10', cifar_resnet20, cifar10Resnet20])(
    'takes embedded weights by name, factory or package',
    async (source) => {
      const model = await load(source, quick)
      expect(model.name).toBe('cifar_resnet20')
      expect((await model.classify(example('chelsea.png'), { topK: 1 }))[0]?.label).toBe('cat')
      await model.dispose()
    },
  )

  test('takes a checkpoint file with its card, or parameters at hand', async () => {
    const golden = goldenModel('cifar_resnet20-C', 'cifar')
    const params = goldenParams(golden.state)
    const input = goldenInput(golden.input.shape, golden.input.key)
    for (const weights of [params, writeSafetensors(params)]) {
      const model = await load('cifar_resnet20', { ...quick, weights, options: { shortcut: 'C' } })
      const logits = await model.predict(tensor(input.shape, input.data))
      const comparison = compareValues(logits.data, golden.logits, { absolute: 1e-4, relative: 1e-4 })
      expect(comparison.within, describeWorst(comparison)).toBe(true)
      await model.dispose()
    }
  })

  test('takes a graph of your own, with its preprocessing', async () => {
    const graph = cifar_resnet20({ numClasses: 2 })
    const weights = initialise(graph)
    await expect(load(graph, { ...quick, weights })).rejects.toThrow('preprocess')
    const { preprocess } = cifar_resnet20
    const model = await load(graph, { ...quick, weights, preprocess, labels: ['left', 'right'] })
    expect(await model.classify(example('rocket.jpg'))).toHaveLength(2)
    await expect(load(graph, quick)).rejects.toThrow(OptionError)
  })

  test('labels set the number of classes', async () => {
    const labels = ['one', 'two', 'three']
    const weights = initialise(cifar_resnet20({ numClasses: 3 }))
    const model = await load(cifar_resnet20, { ...quick, weights, labels })
    expect(new Set((await model.classify(example('coffee.png'))).map(({ label }) => label))).toEqual(new Set(labels))
  })

  test('takes what fits of a checkpoint when it need not be strict', async () => {
    const weights = await cifar10Resnet20.bytes()
    const options = { numClasses: 3, shortcut: 'B' } as const
    await expect(load('cifar_resnet20', { ...quick, weights, options })).rejects.toThrow(BindingError)
    const model = await load('cifar_resnet20', { ...quick, weights, options, strict: false })
    const embedded = await load('cifar_resnet20', quick)
    expect(await model.embed(example('chelsea.png'))).toEqual(await embedded.embed(example('chelsea.png')))
    expect(await model.classify(example('chelsea.png'))).toHaveLength(3)
  })

  const faults: [string, () => Promise<unknown>, new (...args: never[]) => ResnetError, string][] = [
    ['an unknown name', () => load('resnet5'), UnknownModelError, 'resnet50'],
    ['a model without weights', () => load('cifar_resnet56'), MissingWeightsError, 'embedded or published'],
    ['a factory without weights', () => load(cifar_resnet32), MissingWeightsError, 'cifar_resnet32'],
    ['no checkpoint', () => load('resnet18', { weights: new Uint8Array(0) }), CheckpointError, 'empty'],
    ['a missing file', () => load('resnet18', { weights: 'no-such.safetensors' }), CheckpointError, 'no-such'],
    [
      'the weights of another model',
      async () => load('resnet18', { weights: await cifar10Resnet20.bytes() }),
      BindingError,
      'another model',
    ],
    [
      'the card of another model',
      () => load('resnet18', { weights: new Map(), config: cifar10Resnet20.config }),
      OptionError,
      'resnet18',
    ],
    ['too few labels', () => load('cifar_resnet20', { labels: ['a'] }), ResnetError, ''],
    ['nothing', () => load(null as unknown as string), OptionError, 'a name'],
    ['a number', () => load(3 as unknown as string), OptionError, 'a name'],
    ['no backend', () => load('cifar_resnet20', { backends: [] }), BackendError, 'available'],
  ]
  test.each(faults)('%s is a typed error in one sentence', async (_name, attempt, type, text) => {
    const error = await attempt().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(type)
    expect((error as Error).message).toContain(text)
    expect((error as Error).message).not.toContain('\n')
  })

  test('a card whose fields are null says nothing', async () => {
    const empty = { architecture: null, num_classes: null, label_names: null, pretrained_cfg: null, model_args: null }
    const model = await load('cifar_resnet20', {
      ...quick,
      weights: await cifar10Resnet20.bytes(),
      config: empty as object,
      options: { shortcut: 'B' },
    })
    expect(model.labels).toBeUndefined()
    expect(model.preprocess).toEqual(cifar_resnet20.preprocess)
  })

  test('a checkpoint that was read already is taken as it is', async () => {
    const weights = await readCheckpoint(await cifar10Resnet20.bytes())
    const model = await load('cifar_resnet20', { ...quick, weights, config: cifar10Resnet20.config })
    expect((await model.classify(example('chelsea.png'), { topK: 1 }))[0]?.label).toBe('cat')
  })

  const hostile: unknown[] = [
    [],
    'text',
    { architecture: 7 },
    { num_classes: -1 },
    { num_classes: '10' },
    { label_names: 'cat' },
    { label_names: [1, 2] },
    { num_classes: 3, label_names: ['a'] },
    { pretrained_cfg: 'x' },
    { pretrained_cfg: { mean: [0] } },
    { model_args: { constructor: 1 } },
    { model_args: { depth: 3 } },
    { model_args: { shortcut: 'Z' } },
  ]
  test.each(hostile.map((config) => ({ config })))('the card $config is refused', async ({ config }) => {
    const weights = await cifar10Resnet20.bytes()
    const attempt = load('cifar_resnet20', { ...quick, weights, config: config as object })
    await expect(attempt).rejects.toThrow(ResnetError)
  })

  test('the first available backend is taken, and the reasons of the others are told', async () => {
    const absent = (name: string): Backend => ({
      ...reference(),
      name,
      isAvailable: async () => ({ available: false, reason: `${name} is not here` }),
    })
    const model = await load('cifar_resnet20', { backends: [absent('gpu'), reference()] })
    expect(model.describe().backend).toBe('reference')
    const attempt = load('cifar_resnet20', { backends: [absent('gpu'), absent('npu')] })
    await expect(attempt).rejects.toThrow('gpu: gpu is not here; npu: npu is not here')
  })

  describe('unasked, the engine computes', () => {
    const note = /^One thread: enough for a network this small, /

    test('on one thread where the network is small, and says so', async () => {
      const model = await load()
      const { backend, device, notes } = model.describe()
      expect(backend).toBe('wasm')
      expect(device).toMatch(/, 1 thread$/)
      expect(notes).toContainEqual(expect.stringMatching(note))
      await model.dispose()
    })

    test('on all cores where it is not', async () => {
      const graph = cifar_resnet32({ numClasses: 3 })
      const large = { ...cifar_resnet32.preprocess, size: [64, 64] } as const
      const model = await load(graph, { weights: initialise(graph), preprocess: large })
      const { backend, device, notes } = model.describe()
      expect(backend).toBe('wasm')
      expect(device).toMatch(new RegExp(`, ${Math.min(availableParallelism(), 8)} threads?$`))
      expect(notes).not.toContainEqual(expect.stringMatching(note))
      await model.dispose()
    })
  })

  describe('a backend that begins before there is a network', () => {
    /** The reference, telling what happens. */
    function beginning() {
      const events: string[] = []
      const backend: Backend = {
        ...reference(),
        begin() {
          events.push('begun')
          return { end: async () => void events.push('ended') }
        },
        compile(graph, params, beginning) {
          events.push(beginning ? 'compiled with it' : 'compiled')
          return reference().compile(graph, params)
        },
      }
      return { backend, events }
    }

    test('does so while the weights are read, once', async () => {
      const { backend, events } = beginning()
      const weights = new Blob([await cifar10Resnet20.bytes()])
      const bytes = weights.arrayBuffer.bind(weights)
      weights.arrayBuffer = () => {
        events.push('read')
        return bytes()
      }
      const model = await load('cifar_resnet20.cifar10', {
        backends: [backend],
        weights,
        config: cifar10Resnet20.config,
      })
      await model.features(example('chelsea.png'), ['embedding'])
      expect(events).toEqual(['begun', 'read', 'compiled with it', 'ended', 'compiled'])
    })

    test('is ended where the weights cannot be read', async () => {
      const { backend, events } = beginning()
      await expect(load('cifar_resnet20', { backends: [backend], weights: new Uint8Array(9) })).rejects.toThrow(
        CheckpointError,
      )
      expect(events).toEqual(['begun', 'ended'])
    })
  })

  test('a disposed model refuses, and can be disposed of again', async () => {
    const model = await load('cifar_resnet20', quick)
    await model.dispose()
    await model.dispose()
    await expect(model.classify(example('chelsea.png'))).rejects.toThrow(BackendError)
    await expect(model.prepare(example('chelsea.png'))).rejects.toThrow(BackendError)
  })

  test('an aborted signal ends the loading', async () => {
    await expect(load('cifar_resnet20', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  })
})

describe('topPredictions', () => {
  test('is the softmax, likeliest first, ties by index', () => {
    const top = topPredictions(new Float32Array([0, Math.log(2), 0]), ['a', 'b', 'c'], 3)
    expect(top.map(({ label }) => label)).toEqual(['b', 'a', 'c'])
    expect(top[0]!.probability).toBeCloseTo(0.5, 6)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses the logit %s', (value) => {
    expect(() => topPredictions(new Float32Array([0, value]), undefined, 1)).toThrow(BackendError)
  })

  test('does not overflow, and names classes that have no name', () => {
    const [best] = topPredictions(new Float32Array([1e30, -1e30]), undefined, 1)
    expect(best).toEqual({ label: 'class 0', index: 0, probability: 1 })
  })
})
