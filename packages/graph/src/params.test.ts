import { describe, expect, test } from 'vitest'
import {
  checkParams,
  type Parameter,
  parameter,
  parameters,
  parametersOf,
  readParameter,
  readParameterParts,
} from './params.js'
import { refusal } from './testing/errors.js'
import { graphOf, paramsOf } from './testing/networks.js'

const graph = graphOf(3, (g, x) => {
  const y = g.scope('layer1', 'stage', () =>
    g.batchNorm(g.conv2d(x, { name: 'conv', channels: 2, kernel: 1 }), { name: 'bn' }),
  )
  return g.linear(g.globalPool(y), { name: 'fc', channels: 4 })
})

describe('parameters', () => {
  test('are those of a PyTorch state_dict, in its order', () => {
    expect(parameters(graph).map(({ key, shape }) => `${key} ${shape.join('×')}`)).toEqual([
      'layer1.conv.weight 2×3×1×1',
      'layer1.bn.weight 2',
      'layer1.bn.bias 2',
      'layer1.bn.running_mean 2',
      'layer1.bn.running_var 2',
      'fc.weight 4×2',
      'fc.bias 4',
    ])
  })

  test('know their node, how they start, and whether they are trained', () => {
    const norm = graph.nodes.find(({ name }) => name === 'layer1.bn')!
    expect(parametersOf(norm).slice(1, 3)).toEqual([
      { key: 'layer1.bn.bias', node: 'layer1.bn', shape: [2], initial: 'zeros', trainable: true },
      { key: 'layer1.bn.running_mean', node: 'layer1.bn', shape: [2], initial: 'zeros', trainable: false },
    ])
    expect(parametersOf(graph.nodes[0]!)).toEqual([])
  })
})

describe('readParameter', () => {
  const spec = parameters(graph).find(({ key }) => key === 'fc.weight')!

  test('gives the values themselves', () => {
    const values = new Float32Array(8)
    expect(readParameter(new Map([['fc.weight', parameter([4, 2], values)]]), spec)).toBe(values)
  })

  test.each([
    ['that is missing', new Map(), 'nothing'],
    ['with too few values', new Map([['fc.weight', parameter([4, 2], new Float32Array(7))]]), '7'],
  ])('refuses one %s', (_what, params, found) => {
    expect(refusal(() => readParameter(params, spec))).toMatchObject({
      name: 'ParameterError',
      subject: "parameter 'fc.weight'",
      expected: '8 values [4, 2]',
      found,
    })
  })
})

describe('readParameterParts', () => {
  const spec = parameters(graph).find(({ key }) => key === 'fc.weight')!
  const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const whole = parameter([4, 2], values)
  const inParts = (...parts: readonly Float32Array[]) => ({ ...whole, readParts: () => parts })
  const read = (given: Parameter | undefined) =>
    [...readParameterParts(new Map(given && [['fc.weight', given]]), spec, 3)].map((part) => [...part])

  test('gives parts of values that are at hand', () => {
    expect(read(whole)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ])
  })

  test('gives the parts that a parameter has of itself', () => {
    expect(read(inParts(values.subarray(0, 2), values.subarray(2)))).toEqual([
      [1, 2],
      [3, 4, 5, 6, 7, 8],
    ])
  })

  test.each([
    ['that is missing', undefined, 'nothing'],
    ['with too few values', parameter([4, 2], values.subarray(1)), '7'],
    ['with too few in parts', inParts(values.subarray(1)), '7'],
    ['with too many in parts', inParts(values, values), '16'],
  ])('refuses one %s', (_what, given, found) => {
    expect(refusal(() => read(given))).toMatchObject({
      name: 'ParameterError',
      subject: "parameter 'fc.weight'",
      expected: '8 values [4, 2]',
      found,
    })
  })
})

describe('checkParams', () => {
  test('takes parameters that fit, and does not mind further ones', () => {
    const params = new Map([...paramsOf(graph), ['ema.weight', parameter([1], new Float32Array(1))]])
    expect(() => checkParams({ graph, params })).not.toThrow()
  })

  test('names all that are missing or misshapen, at once, and reads none', () => {
    const read = () => {
      throw new Error('read')
    }
    const params = new Map([...paramsOf(graph)].map(([key, { shape }]) => [key, { shape, read }]))
    params.delete('layer1.bn.running_var')
    params.set('fc.weight', { shape: [2, 4], read })
    params.set('fc.bias', { shape: [], read })
    expect(refusal(() => checkParams({ graph, params }))).toMatchObject({
      name: 'ParameterError',
      subject: "parameters of 'part'",
      found:
        "no 'layer1.bn.running_var', 'fc.weight' of shape [2, 4] instead of [4, 2], 'fc.bias' of shape [] instead of [4]",
    })
  })
})
