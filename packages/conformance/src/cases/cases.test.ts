import { goldenOps } from '@resnet-ts/golden'
import { expect, test } from 'vitest'
import { expectedOf } from '../check.js'
import { fusedCases } from './fused.js'
import { conformanceCases } from './index.js'
import { networkCases } from './networks.js'

const cases = conformanceCases()

test('their names are unique', () => {
  const names = cases.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('every op occurs in them', () => {
  const found = new Set(cases.flatMap(({ graph }) => graph.nodes.map((node) => node.op)))
  const all = 'input conv2d batchNorm groupNorm activation add multiply maxPool avgPool globalPool linear'
  const others = 'channelConv1d pad slice concat dropout dropPath softmax'
  expect([...found].sort()).toEqual(`${all} ${others}`.split(' ').sort())
})

test('every operation that PyTorch answered for occurs in them, but for those no graph has', () => {
  const expected = goldenOps().filter(({ op }) => op !== 'std_conv2d' && op !== 'hardsigmoid')
  for (const { name } of expected) {
    expect(
      cases.some((each) => each.name.startsWith(`PyTorch: ${name}`) && each.expected !== 'reference'),
      name,
    ).toBe(true)
  }
})

test('a fused convolution is one node, and what it was fused from several', () => {
  const fused = fusedCases()
  expect(fused.length).toBeGreaterThan(0)
  for (const { name, graph, origin } of fused) {
    expect(
      graph.nodes.filter(({ op }) => op !== 'input').map(({ op }) => op),
      name,
    ).toEqual(['conv2d'])
    expect(origin?.graph.nodes.filter(({ op }) => op !== 'input').length, name).toBeGreaterThan(1)
  }
})

test('fused activations have something to do, and relu6 reaches both limits', async () => {
  for (const testCase of fusedCases()) {
    const node = testCase.graph.nodes.find(({ op }) => op === 'conv2d')
    const activation = node?.op === 'conv2d' && node.attributes.epilogue?.activation
    if (activation !== 'relu' && activation !== 'relu6') continue
    const { data } = (await expectedOf(testCase)).y
    expect(Math.min(...data), testCase.name).toBe(0)
    if (activation === 'relu6') expect(Math.max(...data), testCase.name).toBe(6)
    else expect(Math.max(...data), testCase.name).toBeGreaterThan(6)
  }
})

test('optimised networks have fused convolutions, and no batch norm behind one', () => {
  for (const { name, graph, origin } of networkCases()) {
    if (!origin) continue
    const byName = new Map(graph.nodes.map((node) => [node.name, node]))
    expect(
      graph.nodes.some((node) => node.op === 'conv2d' && node.attributes.epilogue),
      name,
    ).toBe(true)
    expect(graph.nodes.length, name).toBeLessThan(origin.graph.nodes.length)
    expect(byName.size).toBe(graph.nodes.length)
  }
})
