import { compareValues, describeWorst, goldenTensor } from '@resnet-ts/golden'
import { imagenetPreprocess, type Network, optimise, parameters, selectOutputs } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { readOnnx } from '../read/readOnnx.js'
import { fixture } from '../testing/fixtures.js'
import { networkOf, torchNetwork } from '../testing/networks.js'
import { refusal } from '../testing/refusal.js'
import { run, runtime, type Value } from '../testing/runtime.js'
import { exportOnnx, toOnnx } from './exportOnnx.js'
import type { OnnxOptions } from './options.js'

const network = torchNetwork()
const opTypes = (exported: Network, options?: OnnxOptions) => toOnnx(exported, options).graph.nodes.map((n) => n.opType)

describe('an exported network', () => {
  const model = readOnnx(exportOnnx(network))

  test('says what it is', () => {
    expect(model).toMatchObject({ irVersion: 8, producerName: 'resnet-ts', opsets: new Map([['', 17]]) })
    expect(model.graph.name).toBe('network')
    expect(model.metadata).toEqual(new Map())
  })

  test('has inputs and outputs of any batch and image size', () => {
    expect(model.graph.inputs).toEqual([{ name: 'image', dtype: 'float32', shape: ['batch', 3, 'height', 'width'] }])
    expect(model.graph.outputs).toEqual([{ name: 'logits', dtype: 'float32', shape: ['batch', 5] }])
  })

  test("has the graph's nodes by their names", () => {
    expect(model.graph.nodes.map(({ name, opType }) => [name, opType])).toEqual([
      ['conv1', 'Conv'],
      ['bn1', 'BatchNormalization'],
      ['relu1', 'Relu'],
      ['conv2', 'Conv'],
      ['bn2', 'BatchNormalization'],
      ['add', 'Add'],
      ['relu2', 'Relu'],
      ['pool', 'GlobalAveragePool'],
      ['pool.flatten', 'Flatten'],
      ['fc', 'Gemm'],
    ])
  })

  test('has its parameters as initialisers, and no others, bit for bit', () => {
    const specs = parameters(network.graph)
    expect(model.graph.initializers.map(({ name, shape }) => [name, shape])).toEqual(
      specs.map(({ key, shape }) => [key, shape]),
    )
    for (const { name, shape, bytes } of model.graph.initializers) {
      expect(bytes()).toEqual(new Uint8Array(goldenTensor(name, shape).buffer))
    }
  })

  test('is the same, byte for byte, each time', () => {
    expect(exportOnnx(torchNetwork())).toEqual(exportOnnx(network))
  })

  test('that was optimised is convolutions, sums and activations', () => {
    expect(opTypes(optimise(network))).toEqual('Conv Relu Conv Add Relu GlobalAveragePool Flatten Gemm'.split(' '))
    expect(readOnnx(exportOnnx(optimise(network))).graph.initializers.map(({ name }) => name)).toEqual(
      'conv1.weight conv1.bias conv2.weight conv2.bias fc.weight fc.bias'.split(' '),
    )
  })
})

describe('names', () => {
  const namesOf = ({ graph }: Network) => {
    const { inputs, outputs, nodes } = toOnnx({ graph, params: network.params }).graph
    const values = [...inputs.map(({ name }) => name), ...nodes.flatMap((node) => node.outputs)]
    return { outputs: outputs.map(({ name }) => name), values, nodes }
  }

  test('of outputs are theirs, whatever the nodes are called', () => {
    const swapped = networkOf((g, image) => {
      const first = g.relu(image, { name: 'second' })
      return { first, second: g.activation(first, 'sigmoid', { name: 'first' }) }
    })
    const { outputs, values, nodes } = namesOf(swapped)
    expect(outputs).toEqual(['first', 'second'])
    expect(new Set(values).size).toBe(values.length)
    expect(nodes.map(({ opType, outputs }) => [opType, outputs])).toEqual([
      ['Relu', ['first']],
      ['Sigmoid', ['second']],
    ])
  })

  test('of one value that is put out twice, and of an input that is put out', () => {
    const twice = networkOf((g, image) => {
      const y = g.relu(image)
      return { a: y, b: y, c: image, image: y }
    })
    const { outputs, nodes } = namesOf(twice)
    // There is one namespace, in which the input came first.
    expect(outputs).toEqual(['a', 'b', 'c', 'image_2'])
    expect(nodes.map(({ opType, inputs, outputs }) => [opType, inputs, outputs])).toEqual([
      ['Relu', ['image'], ['a']],
      ['Identity', ['a'], ['b']],
      ['Identity', ['image'], ['c']],
      ['Identity', ['a'], ['image_2']],
    ])
  })

  test('of inputs, when there are several, tell their sizes apart', () => {
    const { graph } = networkOf((g, image) => ({ y: g.concat([image, g.input('mask', { channels: 1 })]) }))
    expect(toOnnx({ graph, params: new Map() }).graph.inputs).toMatchObject([
      { name: 'image', shape: ['image_batch', 3, 'image_height', 'image_width'] },
      { name: 'mask', shape: ['mask_batch', 1, 'mask_height', 'mask_width'] },
    ])
  })
})

describe('options', () => {
  test('layout nhwc moves the axes at the ends', () => {
    const graph = selectOutputs(network.graph, ['relu1', 'logits'])
    const model = toOnnx({ graph, params: network.params }, { layout: 'nhwc' }).graph
    expect(model.inputs[0].shape).toEqual(['batch', 'height', 'width', 3])
    expect(model.outputs.map(({ shape }) => shape)).toEqual([
      ['batch', 'relu1_height', 'relu1_width', 8],
      ['batch', 5],
    ])
    expect(model.nodes.filter(({ opType }) => opType === 'Transpose').map(({ outputs }) => outputs)).toEqual([
      ['image.nchw'],
      ['relu1'],
    ])
  })

  test('dtype float16 halves the weights, and nothing else', () => {
    const [small, large] = [exportOnnx(network, { dtype: 'float16' }), exportOnnx(network)]
    const dtypes = readOnnx(small).graph.initializers.map(({ shape, dtype }) => [shape.length > 1, dtype])
    expect(dtypes).toEqual(
      parameters(network.graph).map(({ shape: { length } }) => [length > 1, length > 1 ? 'float16' : 'float32']),
    )
    const saved = parameters(network.graph).reduce(
      (sum, { shape }) => sum + (shape.length > 1 ? 2 * shape.reduce((product, size) => product * size, 1) : 0),
      0,
    )
    // What tells how to decode them takes some bytes.
    expect(large.length - small.length).toBeGreaterThan(saved - 400)
  })

  test('labels, preprocessing and further texts are metadata', () => {
    const labels = ['tench', 'goldfish', 'Häher, “jay”']
    const model = readOnnx(
      exportOnnx(network, { labels, preprocess: imagenetPreprocess, metadata: { license: 'MIT' } }),
    )
    expect([...model.metadata.keys()]).toEqual(['labels', 'preprocess', 'license'])
    expect(JSON.parse(model.metadata.get('labels') as string)).toEqual(labels)
    expect(JSON.parse(model.metadata.get('preprocess') as string)).toEqual(imagenetPreprocess)
    expect(model.metadata.get('license')).toBe('MIT')
  })

  test.each([
    [13, 7],
    [15, 8],
    [18, 8],
    [19, 9],
    [21, 10],
  ])('opset %i needs version %i of the format', (opset, irVersion) => {
    expect(toOnnx(network, { opset })).toMatchObject({ irVersion, opsets: new Map([['', opset]]) })
  })

  test.each<[string, Record<string, unknown>]>([
    ['opset', { opset: 12 }],
    ['opset', { opset: 22 }],
    ['opset', { opset: 17.5 }],
    ['layout', { layout: 'NCHW' }],
    ['dtype', { dtype: 'bfloat16' }],
    ['labels', { labels: 'cat' }],
    ['labels', { labels: [1] }],
    ['metadata', { metadata: { license: 3 } }],
    ['metadata', { labels: ['a'], metadata: { labels: 'b' } }],
  ])('%s: what is out of range is refused', (option, options) => {
    expect(refusal(() => toOnnx(network, options))).toMatchObject({ name: 'OptionError', subject: `option ${option}` })
  })

  test('a preprocessing that cannot be is refused', () => {
    const preprocess = { ...imagenetPreprocess, cropFraction: 2 }
    expect(refusal(() => toOnnx(network, { preprocess }))).toMatchObject({ name: 'OptionError', found: '2' })
  })
})

test('a network that is not whole is refused before anything is written', () => {
  const { graph } = network
  expect(refusal(() => toOnnx({ graph, params: new Map() })).name).toBe('ParameterError')
  expect(refusal(() => toOnnx({ graph: { ...graph, outputs: {} }, params: network.params })).name).toBe('GraphError')
})

test('a parameter that turns out to have other elements is refused when it is written', () => {
  const params = new Map(network.params).set('fc.bias', { shape: [5], read: () => new Float32Array(4) })
  expect(refusal(() => exportOnnx({ graph: network.graph, params }))).toMatchObject({
    name: 'ParameterError',
    subject: "parameter 'fc.bias'",
  })
})

const ort = await runtime()
if (typeof ort === 'string') test.skip(`run by onnxruntime-node: ${ort}`)
else {
  describe('run by onnxruntime-node, it gives what the network of PyTorch gives', () => {
    const image: Value = { shape: [2, 3, 16, 16], data: goldenTensor('input', [2, 3, 16, 16]) }
    const expected = run(ort, fixture('torch'), { image })
    const tolerance = { absolute: 1e-5, relative: 1e-5 }

    test.each<[string, Network, OnnxOptions]>([
      ['as written', network, {}],
      ['optimised', optimise(network), {}],
      ['in opset 13', network, { opset: 13 }],
      ['in opset 21', network, { opset: 21 }],
    ])('%s', async (_name, exported, options) => {
      const { logits } = await run(ort, exportOnnx(exported, options), { image })
      expect(logits.shape).toEqual([2, 5])
      const comparison = compareValues(logits.data, (await expected).logits.data, tolerance)
      expect(comparison.within, describeWorst(comparison)).toBe(true)
    })

    test('with weights of float16, nearly', async () => {
      const { logits } = await run(ort, exportOnnx(network, { dtype: 'float16' }), { image })
      const right = (await expected).logits.data
      const near = compareValues(logits.data, right, { absolute: 2e-3, relative: 0 })
      expect(near.within, describeWorst(near)).toBe(true)
      expect(compareValues(logits.data, right, tolerance).within).toBe(false)
    })

    test('with the axes in our order', async () => {
      const [pixel, channel] = [16 * 16, 3]
      const moved = image.data.map((_, index) => {
        const [n, rest] = [Math.floor(index / (pixel * channel)), index % (pixel * channel)]
        return image.data[(n * channel + (rest % channel)) * pixel + Math.floor(rest / channel)]
      })
      const graph = selectOutputs(network.graph, ['relu2', 'logits'])
      const file = exportOnnx({ graph, params: network.params }, { layout: 'nhwc' })
      const { logits, relu2 } = await run(ort, file, { image: { shape: [2, 16, 16, 3], data: moved } })
      const comparison = compareValues(logits.data, (await expected).logits.data, tolerance)
      expect(comparison.within, describeWorst(comparison)).toBe(true)
      expect(relu2.shape).toEqual([2, 8, 8, 8])
    })
  })
}
