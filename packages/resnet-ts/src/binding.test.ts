import { fileURLToPath } from 'node:url'
import { reference } from '@resnet-ts/backend-reference'
import { compareValues, describeWorst, goldenTensor } from '@resnet-ts/golden'
import { GraphBuilder, OptionError, type Params, parameters, tensor } from '@resnet-ts/graph'
import { cifar10Resnet20 } from '@resnet-ts/pretrained-cifar10-resnet20'
import { BindingError, readCheckpoint, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise, type ModelOptions, models, resnet18 } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'
import { load } from './index.js'

// The same network's weights as a file, as one that was read, and as a map of parameters: whatever is asked of them,
// they give the same.

const chelsea = fileURLToPath(new URL('../../../examples/chelsea.png', import.meta.url))
const quick = { backends: [reference()] }
const none = { missing: [], unexpected: [], misshapen: [] }

const own = initialise(cifar_resnet20({ numClasses: 4 }), { seed: 3 })
const forms = [
  ['a file', async () => writeSafetensors(own)],
  ['a checkpoint', async () => readCheckpoint(writeSafetensors(own))],
  ['a map', async () => own],
] as const

const grey = (channels: number) =>
  tensor([1, 16, 16, channels], goldenTensor('image', [1, 16, 16, channels]).map(Math.abs))

async function answerOf(weights: Awaited<ReturnType<(typeof forms)[number][1]>>, options: ModelOptions) {
  const model = await load(cifar_resnet20, { ...quick, weights, options })
  const { data } = await model.predict(grey(options.inChannels ?? 3))
  await model.dispose()
  return { data, mismatches: model.mismatches, notes: model.describe().notes }
}

describe.each(forms)('weights as %s', (_name, weightsOf) => {
  test.each([1, 2, 4])('are adapted to %d channels', async (inChannels) => {
    const { data } = await answerOf(await weightsOf(), { numClasses: 4, inChannels })
    // timm's adapt_input_conv, written out: filters of 3 channels repeated and scaled, or summed.
    const filters = own.get('conv1.weight')!.read()
    const adapted = Float32Array.from({ length: 16 * inChannels * 9 }, (_, at) => {
      const [filter, channel, tap] = [Math.floor(at / (inChannels * 9)), Math.floor(at / 9) % inChannels, at % 9]
      const of = (from: number) => filters[(filter * 3 + from) * 9 + tap]!
      return inChannels === 1 ? of(0) + of(1) + of(2) : (of(channel % 3) * 3) / inChannels
    })
    const expected = new Map(own).set('conv1.weight', { shape: [16, inChannels, 3, 3], read: () => adapted })
    const same = compareValues(data, (await answerOf(expected, { numClasses: 4, inChannels })).data, {
      absolute: 1e-5,
      relative: 1e-5,
    })
    expect(same.within, describeWorst(same)).toBe(true)
  })

  test('leave their classifier where the network has none', async () => {
    const weights = await weightsOf()
    for (const options of [{ numClasses: 0 }, { includeTop: false }, { numClasses: 0, globalPool: 'none' }] as const) {
      const { mismatches, notes } = await answerOf(weights, options)
      expect({ mismatches, notes: notes.filter((note) => /afresh|of no use/.test(note)) }).toEqual({
        mismatches: none,
        notes: [],
      })
    }
    const headless = await load(cifar_resnet20, { ...quick, weights, options: { numClasses: 0 } })
    const whole = await load(cifar_resnet20, { ...quick, weights, options: { numClasses: 4 } })
    expect(await headless.embed(chelsea)).toEqual(await whole.embed(chelsea))
    await expect(headless.classify(chelsea)).rejects.toThrow("an output 'logits'")
  })

  test('need not have a classifier where the network has none', async () => {
    const headless = new Map([...own].filter(([key]) => !key.startsWith('fc.')))
    const { mismatches } = await answerOf(headless, { numClasses: 0 })
    expect(mismatches).toEqual(none)
  })

  test('that do not fit are refused by their names', async () => {
    const attempt = load(cifar_resnet20, { ...quick, weights: await weightsOf(), options: { numClasses: 5 } })
    await expect(attempt).rejects.toThrow(BindingError)
    await expect(attempt).rejects.toThrow(
      "found 2 misshapen ('fc.weight' [4, 64] instead of [5, 64], 'fc.bias' [4] instead of [5])",
    )
  })

  test('that do not fit are drawn afresh when they need not, which is told', async () => {
    const options = { numClasses: 5, shortcut: 'B' } as const
    const model = await load(cifar_resnet20, { ...quick, weights: await weightsOf(), options, strict: false })
    expect(model.mismatches.misshapen.map(({ key }) => key)).toEqual(['fc.weight', 'fc.bias'])
    expect(model.mismatches.missing).toHaveLength(10)
    expect(model.describe().notes[0]).toBe(
      '12 of 107 parameters are drawn afresh, not from the checkpoint: layer2.0.downsample.0.weight, ' +
        'layer2.0.downsample.1.weight, layer2.0.downsample.1.bias, layer2.0.downsample.1.running_mean and 8 more.',
    )
    const fresh = initialise(cifar_resnet20(options))
    const logits = await model.features(chelsea, ['logits', 'embedding'])
    const weight = fresh.get('fc.weight')!.read()
    const first = logits.embedding.data.reduce((sum, value, index) => sum + value * weight[index]!, 0)
    expect(logits.logits.data[0]! - fresh.get('fc.bias')!.read()[0]!).toBeCloseTo(first, 4)
  })

  test('that are of no use are told of, too', async () => {
    const model = await load(cifar_resnet20, {
      ...quick,
      weights: await weightsOf(),
      options: { numClasses: 0 },
      strict: false,
    })
    expect(model.mismatches).toEqual(none)
    const g = new GraphBuilder('stem')
    g.output('embedding', g.globalPool(g.conv2d(g.input('image', { channels: 3 }), { ...stem, channels: 16 })))
    const { preprocess } = cifar_resnet20
    const part = await load(g.build(), { ...quick, weights: await weightsOf(), preprocess, strict: false })
    expect(part.mismatches.unexpected).toHaveLength(own.size - 1)
    expect(part.describe().notes[0]).toMatch(
      /^\d+ of the checkpoint's tensors are of no use here: bn1\.weight, .* more\.$/,
    )
  })

  test('of another network are refused, strict or not', async () => {
    const weights = await weightsOf()
    for (const strict of [true, false]) {
      await expect(load(models.get('resnetv2_50')!, { ...quick, weights, strict })).rejects.toThrow(BindingError)
    }
    await expect(load(models.get('resnetv2_50')!, { ...quick, weights, strict: false })).rejects.toThrow(
      'expected some that fit, found not one of a convolution or a linear layer; these are the weights of another model.',
    )
  })
})

const stem = { name: 'conv1', kernel: 3, padding: 1 } as const

test('norms alone, which fit many networks, are nothing that fits', async () => {
  const norms = new Map([...initialise(resnet18())].filter(([, { shape }]) => shape.length === 1))
  await expect(load('resnet18', { ...quick, weights: norms, strict: false })).rejects.toThrow(BindingError)
})

test('adaptation finds the first convolution under the names of others', async () => {
  const named = new Map([...own].map(([key, param]) => [`module.${key.replace(/^fc/, 'linear')}`, param]))
  const { data } = await answerOf(named, { numClasses: 4, inChannels: 1 })
  expect(data).toEqual((await answerOf(own, { numClasses: 4, inChannels: 1 })).data)
})

test('parameters at hand are read once, and none before they are needed', async () => {
  let reads = 0
  const { shape, read } = own.get('conv1.weight')!
  const counting = () => {
    reads++
    return read()
  }
  const counted: Params = new Map([...own, ['conv1.weight', { shape, read: counting }]])
  await expect(load(cifar_resnet20, { ...quick, weights: counted, options: { numClasses: 5 } })).rejects.toThrow()
  expect(reads).toBe(0)
  await load(cifar_resnet20, { ...quick, weights: counted, options: { numClasses: 4 } })
  expect(reads).toBe(1)
})

test('files by name are no parameters', async () => {
  const bytes = new Uint8Array(await cifar10Resnet20.bytes())
  const model = await load('cifar_resnet20', {
    ...quick,
    weights: new Map([['weights.safetensors', bytes]]),
    config: cifar10Resnet20.config,
  })
  expect((await model.classify(chelsea, { topK: 1 }))[0]!.label).toBe('cat')
})

test.each<[[unknown, unknown][], string]>([
  [
    [
      ['conv1.weight', own.get('conv1.weight')],
      ['bn1.weight', 7],
    ],
    "found something else at 'bn1.weight'",
  ],
  [[[3, own.get('conv1.weight')]], "found something else at '3'"],
])('a map of something else is refused', async (entries, said) => {
  const attempt = load(cifar_resnet20, { ...quick, weights: new Map(entries) as unknown as Params })
  await expect(attempt).rejects.toThrow(OptionError)
  await expect(attempt).rejects.toThrow(said)
})

test('an ordinary checkpoint under akamaster’s names leaves its classifier, too', async () => {
  const named = new Map([...own].map(([key, param]) => [key.replace(/^fc/, 'linear'), param]))
  const { mismatches } = await answerOf(named, { numClasses: 0 })
  expect(mismatches).toEqual(none)
  expect(parameters(cifar_resnet20({ numClasses: 0 })).length).toBe(own.size - 2)
})
