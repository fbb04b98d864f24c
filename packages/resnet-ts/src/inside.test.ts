import { fileURLToPath } from 'node:url'
import { reference } from '@resnet-ts/backend-reference'
import { compareValues, describeWorst, goldenParams, imagenetCategories } from '@resnet-ts/golden'
import { type Backend, type Graph, imagenetPreprocess, OptionError, parameters, tensor } from '@resnet-ts/graph'
import { writeSafetensors } from '@resnet-ts/weights'
import {
  cifar_resnet20,
  findModel,
  initialise,
  resnet18,
  resnetaa50d,
  resnetv2_18,
  UnknownModelError,
} from '@resnet-ts/zoo'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { load, type Model, resolveName } from './index.js'

const chelsea = fileURLToPath(new URL('../../../examples/chelsea.png', import.meta.url))
const small = { ...cifar_resnet20.preprocess, size: [33, 47] } as const

/** The reference, telling what it was given to compile and what of it is still in use. */
function recording() {
  const compiled: Graph[] = []
  let open = 0
  const backend: Backend = {
    ...reference(),
    async compile(graph, params) {
      compiled.push(graph)
      open++
      const session = await reference().compile(graph, params)
      const dispose = async () => {
        open--
        await session.dispose()
      }
      return { run: session.run.bind(session), describe: () => session.describe(), dispose }
    },
  }
  return { backend, compiled, open: () => open }
}

describe('features', () => {
  let model: Model
  const { backend, compiled, open } = recording()
  beforeAll(async () => {
    model = await load('cifar_resnet20', { backends: [backend] })
  })
  afterAll(() => model.dispose())

  test('of stages, blocks and nodes, by the names they were asked for', async () => {
    const taps = ['layer1', 'layer2.0', 'layer2.0.conv1', 'layer2.0.downsample', 'act1', 'embedding', 'logits']
    const features = await model.features(chelsea, taps)
    expect(Object.entries(features).map(([name, { shape }]) => [name, shape])).toEqual([
      ['layer1', [1, 32, 32, 16]],
      ['layer2.0', [1, 16, 16, 32]],
      ['layer2.0.conv1', [1, 16, 16, 32]],
      ['layer2.0.downsample', [1, 16, 16, 32]],
      ['act1', [1, 32, 32, 16]],
      ['embedding', [1, 64]],
      ['logits', [1, 10]],
    ])
    const { layer1, act1 } = features
    expect([layer1, act1].every((map) => map!.data.every((value) => value >= 0))).toBe(true)
    expect(features['layer2.0.conv1']!.data.some((value) => value < 0)).toBe(true)
  })

  test('agree with what the network answers', async () => {
    const { layer3, embedding, logits } = await model.features(chelsea, ['layer3', 'embedding', 'logits'])
    const means = new Float32Array(64)
    for (const [index, value] of layer3!.data.entries()) means[index % 64]! += value / 64
    const pooled = compareValues(embedding!.data, means, { absolute: 1e-5, relative: 1e-5 })
    expect(pooled.within, describeWorst(pooled)).toBe(true)
    const answered = await model.predict(await model.prepare(chelsea))
    const same = compareValues(logits!.data, answered.data, { absolute: 1e-5, relative: 1e-5 })
    expect(same.within, describeWorst(same)).toBe(true)
  })

  test('are computed no further than the last of them, and compiled once', async () => {
    const before = compiled.length
    await model.features(chelsea, ['layer1.0', 'act1'])
    await model.features(chelsea, ['layer1.0', 'act1'])
    expect(compiled).toHaveLength(before + 1)
    const beyond = compiled.at(-1)!.nodes.filter(({ name }) => /^(layer1\.1|layer2|fc)/.test(name))
    expect(beyond).toEqual([])
  })

  test('of many sets keep a few compiled', async () => {
    for (const block of [0, 1, 2]) {
      for (const stage of [1, 2, 3]) await model.features(chelsea, [`layer${stage}.${block}`])
    }
    expect(open()).toBeLessThanOrEqual(5)
  })

  test('asked for at the same time do not disturb each other', async () => {
    const names = ['layer1', 'layer2', 'layer3', 'act1', 'layer1.0', 'layer2.1', 'embedding']
    const all = await Promise.all(names.map((name) => model.features(chelsea, [name])))
    expect(all.map((features) => Object.keys(features))).toEqual(names.map((name) => [name]))
  })

  test('that do not exist are named, all of them', async () => {
    const attempt = model.features(chelsea, ['layer9', 'layer1', 'nothing'])
    await expect(attempt).rejects.toThrow(OptionError)
    await expect(model.features(chelsea, ['layer9', 'layer1', 'nothing'])).rejects.toThrow("'layer9', 'nothing'")
    await expect(model.features(chelsea, [])).rejects.toThrow(OptionError)
  })

  test('leave nothing when the model is disposed of', async () => {
    const recorded = recording()
    const other = await load('cifar_resnet20', { backends: [recorded.backend] })
    await other.features(chelsea, ['layer1'])
    await other.dispose()
    expect(recorded.open()).toBe(0)
  })
})

describe('explain', () => {
  const quick = { backends: [reference()] }

  test.each([
    ['a linear head', cifar_resnet20({ numClasses: 10 })],
    ['dropout before it', cifar_resnet20({ numClasses: 10, dropRate: 0.5 })],
    ['a convolutional head', resnetv2_18({ numClasses: 5 })],
  ])('is exact with %s: the mean of the map and the bias are the logit', async (_name, graph) => {
    const state = parameters(graph).map(({ key, shape }) => [key, [...shape]] as const)
    const params = goldenParams(state as unknown as [string, number[]][])
    const model = await load(graph, { ...quick, weights: new Map(params), preprocess: small })
    const bias = [...params].find(([key]) => /^(fc|head\.fc)\.bias$/.test(key))![1].read()
    const logits = await model.predict(await model.prepare(chelsea))
    for (const index of [0, 3]) {
      const { map, logit, index: explained } = await model.explain(chelsea, index)
      expect(explained).toBe(index)
      expect(logit).toBeCloseTo(logits.data[index]!, 4)
      const mean = map.values.reduce((sum, value) => sum + value, 0) / map.values.length
      expect(mean + bias[index]!).toBeCloseTo(logit, 4)
    }
    await model.dispose()
  })

  test('takes the likeliest class where none is asked for, and lays its map over the photograph', async () => {
    const model = await load('cifar_resnet20', quick)
    const explanation = await model.explain(chelsea)
    expect(explanation.label).toBe('cat')
    expect([explanation.map.width, explanation.map.height]).toEqual([8, 8])
    const { width, height, data } = explanation.overlay()
    expect([width, height]).toEqual([451, 300])
    expect(data).not.toEqual(explanation.overlay({ opacity: 0 }).data)
    await expect(model.explain(chelsea, 10)).rejects.toThrow(OptionError)
    await expect(model.explain(chelsea, 1.5)).rejects.toThrow(OptionError)
    await model.dispose()
  })

  test.each([{ globalPool: 'max' }, { numClasses: 0 }, { includeTop: false }] as const)(
    'refuses a network built with %o',
    async (options) => {
      const graph = cifar_resnet20(options)
      const model = await load(graph, { ...quick, weights: initialise(graph), preprocess: small })
      await expect(model.explain(chelsea)).rejects.toThrow(OptionError)
      await model.dispose()
    },
  )
})

describe('names of published checkpoints', () => {
  const weights = initialise(resnet18())
  const quick = { backends: [reference()], weights }

  test('bring their preprocessing and the words of ImageNet', async () => {
    const tagged = await load('resnet18.tv_in1k', quick)
    expect(tagged.preprocess).toMatchObject({ cropFraction: 0.875, interpolation: 'bilinear' })
    expect(tagged.labels).toEqual(imagenetCategories())
    const recipe = await load('resnet18.a1_in1k', quick)
    expect(recipe.preprocess).toMatchObject({ cropFraction: 0.95, interpolation: 'bicubic' })
  })

  test('of 11,821 classes answer with the index alone', async () => {
    const graph = resnetaa50d({ numClasses: 11_821 })
    const params = initialise(graph)
    const few = { ...imagenetPreprocess, size: [32, 32] } as const
    const model = await load('resnetaa50d.sw_in12k', { weights: params, preprocess: few })
    expect(model.labels).toBeUndefined()
    const [best] = await model.classify(chelsea)
    expect(best?.label).toBe(`class ${best?.index}`)
    await model.dispose()
  })

  test('with weights of one’s own, a name alone is the architecture and a tag its preprocessing', async () => {
    const alone = await load('resnet18', quick)
    expect(alone.preprocess).toEqual(resnet18.preprocess)
    const tagged = await load('resnet18.a1_in1k', quick)
    expect(tagged.preprocess).not.toEqual(resnet18.preprocess)
    expect(tagged.preprocess).toEqual((await resolveName('resnet18.a1_in1k')).checkpoint?.preprocess)
  })

  test('resolve as load resolves them', async () => {
    expect(await resolveName('resnet18')).toEqual({ factory: resnet18, checkpoint: undefined })
    expect((await resolveName('resnet18.IMAGENET1K_V1')).checkpoint?.accuracy?.top1).toBe(69.758)
    expect((await resolveName('cifar_resnet20.cifar10')).checkpoint).toBeUndefined()
    await expect(resolveName('resnet5')).rejects.toThrow(UnknownModelError)
    await expect(resolveName('resnet18.a9_in1k')).rejects.toThrow(OptionError)
    await expect(resolveName('cifar_resnet20.a1')).rejects.toThrow('one of the tags cifar10')
  })

  test('a name alone, and the function of that name, mean the same', async () => {
    const byName = await load('resnet18', quick)
    const byFunction = await load(resnet18, quick)
    expect(byName.preprocess).toEqual(byFunction.preprocess)
    expect(byName.labels).toEqual(byFunction.labels)
  })

  test('an unknown tag is answered with those there are', async () => {
    await expect(load('resnet18.a9_in1k')).rejects.toThrow('a1_in1k')
    await expect(load('resnet200.a1_in1k')).rejects.toThrow('no checkpoint')
  })
})

describe('images of other channels', () => {
  test.each([1, 4])('a checkpoint of three is adapted to %d, as timm does', async (inChannels) => {
    const options = { numClasses: 4, inChannels }
    const original = initialise(findModel('resnet10t')({ numClasses: 4 }))
    const model = await load('resnet10t', { backends: [reference()], weights: writeSafetensors(original), options })
    const colour = await load('resnet10t', {
      backends: [reference()],
      weights: writeSafetensors(original),
      options: { numClasses: 4 },
    })
    // Grey as one channel is grey as three; a constant is the same in four channels as in three.
    const grey = (channels: number) => new Float32Array(32 * 32 * channels).fill(0.7)
    const answer = await model.predict(tensor([1, 32, 32, inChannels], grey(inChannels)))
    const expected = await colour.predict(tensor([1, 32, 32, 3], grey(3)))
    if (inChannels === 1) {
      const same = compareValues(answer.data, expected.data, { absolute: 1e-4, relative: 1e-4 })
      expect(same.within, describeWorst(same)).toBe(true)
    }
    expect(answer.shape).toEqual([1, 4])
    await expect(model.classify(chelsea)).rejects.toThrow('three channels')
  })
})
