import { type Block, type BlockFunction, basicBlock, bottleneck } from '@resnet-ts/blocks'
import { goldenModel, goldenModelNames } from '@resnet-ts/golden'
import {
  cost,
  GraphError,
  inferShapes,
  OptionError,
  type Params,
  parameters,
  ResnetError,
  sizeOf,
} from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import {
  cifar_resnet20,
  cifar_resnet56,
  cifar_resnet110,
  findModel,
  initialise,
  models,
  resnet,
  resnet18,
  resnet50,
} from './index.js'

const golden = (['timm', 'timm-v2'] as const).flatMap((family) =>
  goldenModelNames(family).map((name) => ({ name, family })),
)

describe("timm's numbers", () => {
  test('ninety models, all of them in the zoo', () => {
    expect(golden).toHaveLength(90)
    expect(golden.filter(({ name }) => !models.has(name))).toEqual([])
  })

  test.each(golden)('$name has its keys, shapes, order, parameters, costs', ({ name, family }) => {
    const expected = goldenModel(name, family)
    const graph = findModel(name)()
    const total = cost(graph, inferShapes(graph, { image: [1, 224, 224, 3] })).total
    expect(parameters(graph).map(({ key, shape }) => [key, [...shape]])).toEqual(expected.state)
    expect(total).toEqual({
      parameters: expected.params,
      macs: expected.macs224,
      convActivations: expected.convActivations224,
    })
  })

  test('every graph is built in under 20 ms', () => {
    // The best of ten, in this process's own time: the first runs compile this code too, and the machine does other things.
    const milliseconds = (build: () => unknown) => {
      const start = process.cpuUsage()
      build()
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000
    }
    const best = (build: () => unknown) => {
      let least = milliseconds(build)
      for (let count = 1; count < 10 && least >= 20; count++) least = Math.min(least, milliseconds(build))
      return least
    }
    const slow = [...models].map(([name, factory]) => [name, best(factory)] as const).filter(([, time]) => time >= 20)
    expect(slow).toEqual([])
  })
})

describe('the CIFAR family', () => {
  // He et al. 2015, table 6: 0.27 M and 1.7 M parameters; the published network of 110 layers has 1,727,962.
  test.each([
    { factory: cifar_resnet20, layers: 20, millions: 0.27 },
    { factory: cifar_resnet56, layers: 56, millions: 0.85 },
    { factory: cifar_resnet110, layers: 110, millions: 1.73 },
  ])('$layers layers, $millions M parameters', ({ factory, layers, millions }) => {
    const graph = factory()
    const total = cost(graph, inferShapes(graph, { image: [1, 32, 32, 3] })).total
    expect(total.parameters / 1e6).toBeCloseTo(millions, 2)
    const weighted = graph.nodes.filter((node) => node.op === 'conv2d' || node.op === 'linear')
    expect(weighted).toHaveLength(layers)
  })

  test('A is the default shortcut; B and C are options', () => {
    const projections = (options?: { shortcut: 'A' | 'B' | 'C' }) =>
      parameters(cifar_resnet20(options)).filter(({ key }) => key.endsWith('downsample.0.weight')).length
    expect([projections(), projections({ shortcut: 'A' })]).toEqual([0, 0])
    expect(projections({ shortcut: 'B' })).toBe(2)
    expect(projections({ shortcut: 'C' })).toBe(9)
  })
})

describe('options', () => {
  test('numClasses sets the head', () => {
    expect(parameters(resnet18({ numClasses: 7 })).at(-2)?.shape).toEqual([7, 512])
  })

  test('numClasses 0 leaves the embedding', () => {
    const graph = resnet18({ numClasses: 0 })
    expect(Object.keys(graph.outputs)).toEqual(['embedding'])
    expect(parameters(graph).some(({ key }) => key.startsWith('fc.'))).toBe(false)
  })

  test('without the top it yields the last feature map', () => {
    const graph = resnet50({ includeTop: false })
    expect(graph.outputs).toEqual({ features: 'layer4.2.act3' })
    expect(inferShapes(graph, { image: [2, 65, 64, 3] }).get('layer4.2.act3')).toEqual([2, 3, 2, 2048])
  })

  test('inChannels sets the first convolution', () => {
    expect(parameters(resnet18({ inChannels: 1 }))[0]?.shape).toEqual([64, 1, 7, 7])
  })

  test('an option that is undefined is an option left out', () => {
    expect(cifar_resnet20({ numClasses: undefined, shortcut: undefined })).toEqual(cifar_resnet20())
  })

  test.each([-1, 1.5, Number.NaN])('numClasses %s is refused', (numClasses) => {
    expect(() => resnet18({ numClasses })).toThrow(OptionError)
  })

  test('another shortcut than A, B and C is refused', () => {
    expect(() => resnet18({ shortcut: 'D' as 'A' })).toThrow(OptionError)
  })

  test.each([0, -3, 2.5])('inChannels %s is refused', (inChannels) => {
    expect(() => resnet18({ inChannels })).toThrow(GraphError)
  })
})

describe('the open form', () => {
  test('builds ResNeXt from its numbers', () => {
    const graph = resnet({ block: bottleneck, blocks: [3, 4, 6, 3], groups: 32, widthPerGroup: 4 })
    expect(parameters(graph).map(({ key, shape }) => [key, shape])).toEqual(
      parameters(findModel('resnext50_32x4d')()).map(({ key, shape }) => [key, shape]),
    )
  })

  test("takes anyone's block", () => {
    const write: BlockFunction = (g, x, { channels, stride }) =>
      g.relu(g.conv2d(x, { name: 'conv', channels, kernel: 3, padding: 1, stride }))
    const plain: Block = Object.assign(write, { expansion: 1 })
    const graph = resnet({ block: plain, blocks: [1, 1], channels: 8, numClasses: 2 })
    expect(inferShapes(graph, { image: [1, 32, 32, 3] }).get(graph.outputs.logits!)).toEqual([1, 2])
    expect(graph.scopes.map(({ kind }) => kind)).toContain('block')
  })

  test('refuses a network without stages', () => {
    expect(() => resnet({ block: basicBlock, blocks: [] })).toThrow(OptionError)
  })
})

describe('findModel', () => {
  test.each([
    ['resnet5', 'resnet50'],
    ['ResNet-50', 'resnet50'],
    ['resnext50', 'resnext50_32x4d'],
    ['cifar20', 'cifar_resnet20'],
  ])('%s is unknown, and %s is near', (name, near) => {
    expect(() => findModel(name)).toThrow(ResnetError)
    expect(() => findModel(name)).toThrow(near)
  })

  test('a very long name is answered at once', () => {
    expect(() => findModel('x'.repeat(1_000_000))).toThrow(ResnetError)
  })
})

describe('initialise', () => {
  const deviation = (values: Float32Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  }
  const read = (params: Params, key: string) => params.get(key)!.read()
  const graph = resnet50({ numClasses: 10 })
  const params = initialise(graph, { seed: 1 })
  const specs = parameters(graph)

  test('covers every parameter with its shape', () => {
    expect([...params].map(([key, { shape }]) => [key, shape])).toEqual(specs.map(({ key, shape }) => [key, shape]))
    for (const { key, shape } of specs) expect(read(params, key)).toHaveLength(sizeOf(shape))
  })

  const convolutions = specs.filter(({ shape }) => shape.length === 4)
  test.each(convolutions)('$key has the deviation of Kaiming, fan-out, ReLU', ({ key, shape }) => {
    const expected = Math.sqrt(2 / (shape[0]! * shape[2]! * shape[3]!))
    const values = read(params, key)
    // The standard error of a sample deviation is about σ / √(2n); five of them are allowed.
    expect(Math.abs(deviation(values) / expected - 1)).toBeLessThan(5 / Math.sqrt(2 * values.length))
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(
      (5 * expected) / Math.sqrt(values.length),
    )
  })

  test('norms are 1 and 0, and 0 where a block starts as the identity', () => {
    const zeroed = initialise(resnet18({ zeroInitResidual: true }))
    expect(new Set(read(zeroed, 'layer1.0.bn1.weight'))).toEqual(new Set([1]))
    expect(new Set(read(zeroed, 'layer1.0.bn2.weight'))).toEqual(new Set([0]))
    expect(new Set(read(zeroed, 'bn1.bias'))).toEqual(new Set([0]))
    expect(new Set(read(zeroed, 'bn1.running_var'))).toEqual(new Set([1]))
    expect(new Set(read(params, 'layer1.0.bn3.weight'))).toEqual(new Set([1]))
  })

  test("the linear layer has PyTorch's default", () => {
    const bound = 1 / Math.sqrt(2048)
    for (const key of ['fc.weight', 'fc.bias']) {
      const values = read(params, key)
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound)
      expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(bound / 2)
    }
    expect(deviation(read(params, 'fc.weight')) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1)
  })

  test('a seed gives the same values, another seed others, and layers differ from each other', () => {
    const again = initialise(graph, { seed: 1 })
    expect(read(again, 'layer1.0.conv1.weight')).toEqual(read(params, 'layer1.0.conv1.weight'))
    expect(read(initialise(graph, { seed: 2 }), 'conv1.weight')).not.toEqual(read(params, 'conv1.weight'))
    expect(read(params, 'layer1.1.conv1.weight')).not.toEqual(read(params, 'layer1.2.conv1.weight'))
  })

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the seed %s', (seed) => {
    expect(() => initialise(graph, { seed })).toThrow(OptionError)
  })
})
