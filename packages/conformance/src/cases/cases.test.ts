import { goldenOps } from '@resnet-ts/golden'
import type { Node, OpName } from '@resnet-ts/graph'
import type { ResNetOptions, ResNetV2Options } from '@resnet-ts/zoo'
import { expect, test } from 'vitest'
import { expectedOf } from '../check.js'
import { fusedCases } from './fused.js'
import { conformanceCases } from './index.js'
import { networkCases } from './networks.js'
import { optionNetworks } from './options.js'

const cases = conformanceCases()

test('their names are unique', () => {
  const names = cases.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

/** By its type, no op can be left out. */
const everyOp: Readonly<Record<OpName, true>> = {
  input: true,
  conv2d: true,
  batchNorm: true,
  groupNorm: true,
  activation: true,
  add: true,
  multiply: true,
  maxPool: true,
  avgPool: true,
  blurPool: true,
  globalPool: true,
  linear: true,
  channelConv1d: true,
  pad: true,
  slice: true,
  concat: true,
  dropout: true,
  dropPath: true,
  softmax: true,
}

test('every op occurs in them', () => {
  const found = new Set(cases.flatMap(({ graph }) => graph.nodes.map((node) => node.op)))
  expect([...found].sort()).toEqual(Object.keys(everyOp).sort())
})

/** By their types, no option can be left out. */
const optionsOfResNet: Readonly<Record<keyof ResNetOptions, true>> = {
  name: true,
  block: true,
  blocks: true,
  channels: true,
  stemChannels: true,
  groups: true,
  widthPerGroup: true,
  reduceFirst: true,
  stem: true,
  projection: true,
  attention: true,
  antiAlias: true,
  norm: true,
  activation: true,
  pruned: true,
  numClasses: true,
  includeTop: true,
  inChannels: true,
  zeroInitResidual: true,
  shortcut: true,
  outputStride: true,
  globalPool: true,
  dropRate: true,
  dropPathRate: true,
}
const optionsOfResNetV2: Readonly<Record<Exclude<keyof ResNetV2Options, keyof ResNetOptions>, true>> = {
  zeroPadStem: true,
  stemNorms: true,
  standardise: true,
}

test('every option of the open forms occurs in them', () => {
  const networks = optionNetworks()
  const v2 = networks.filter(({ name }) => name.startsWith('pre-activated'))
  const found = (some: typeof networks) => new Set(some.flatMap(({ options }) => options))
  const missing = (all: object, some: typeof networks) => Object.keys(all).filter((name) => !found(some).has(name))
  expect(
    missing(
      optionsOfResNet,
      networks.filter((each) => !v2.includes(each)),
    ),
  ).toEqual([])
  expect(missing(optionsOfResNetV2, v2)).toEqual([])
  const names = networkCases().map(({ name }) => name)
  for (const { name } of networks) expect(names).toContain(`network ${name}`)
})

test('what acts in training alone is there, and expected to change nothing', () => {
  const dropping = networkCases().filter(({ graph }) => graph.nodes.some(({ op }) => op === 'dropPath'))
  const withOrigin = dropping.filter(({ origin }) => origin)
  expect(withOrigin.map(({ name }) => name)).toEqual(['network that drops', 'network pre-activated, that drops'])
  for (const { graph, origin } of withOrigin) {
    expect(graph.nodes.filter(({ op }) => op === 'dropout')).toHaveLength(1)
    expect(origin?.graph.nodes.some(({ op }) => op === 'dropout' || op === 'dropPath')).toBe(false)
  }
})

test('every operation that PyTorch answered for occurs in them, but for those no graph has', () => {
  const expected = goldenOps().filter(({ op }) => op !== 'hardsigmoid')
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

test('optimised networks have all fused that can be', () => {
  const optimised = networkCases().filter(({ name }) => name.endsWith(', optimised'))
  for (const { name, graph } of optimised) {
    const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
    const uses = [...graph.nodes.flatMap(({ inputs }) => inputs), ...Object.values(graph.outputs)]
    const left = graph.nodes.filter(({ op, inputs }) => {
      const before = nodes.get(inputs[0])
      if (before?.op !== 'conv2d' || uses.filter((use) => use === before.name).length > 1) return op.startsWith('drop')
      const { epilogue } = before.attributes
      return (op === 'batchNorm' && !epilogue) || (op === 'activation' && !epilogue?.activation)
    })
    expect(left, name).toEqual([])
  }
  const unfused = optimised.filter(({ graph }) => !graph.nodes.some(isFused))
  expect(unfused.map(({ name }) => name)).toEqual(['network with group norm, optimised'])
})

function isFused(node: Node): boolean {
  return node.op === 'conv2d' && node.attributes.epilogue !== undefined
}
