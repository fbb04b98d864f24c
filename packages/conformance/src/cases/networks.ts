import { basicBlock, bottleneck, cifarStem, silu } from '@resnet-ts/blocks'
import { type Graph, GraphBuilder, optimise, type Shape, selectOutputs, type Value } from '@resnet-ts/graph'
import { resnet } from '@resnet-ts/zoo'
import { type ConformanceCase, caseTolerance, inputsFor, paramsOf, plain, withGoldenParams } from '../case.js'
import { gated, smooth } from './blocks.js'
import { type OptionNetwork, optionNetworks } from './options.js'

/** Whole small networks, as their authors write them and as `optimise` makes them. */
export function networkCases(): ConformanceCase[] {
  return [...networks().flatMap(casesOfNetwork), ...optionNetworks().flatMap(casesOfOptions)]
}

function casesOfNetwork([name, graph, ...shapes]: NetworkRow): ConformanceCase[] {
  const origin = withGoldenParams(graph)
  const common = { inputs: inputsFor(graph, shapes), expected: 'reference' as const, tolerance: caseTolerance }
  const optimised = plain(optimise({ graph, params: paramsOf(origin) }))
  return [
    { name: `network ${name}`, ...origin, ...common },
    { name: `network ${name}, optimised`, ...optimised, origin, ...common },
  ]
}

function casesOfOptions({ name, graph, same, image }: OptionNetwork): ConformanceCase[] {
  const cases = casesOfNetwork([name, graph, image])
  return same ? cases.map((each) => ({ ...each, origin: withGoldenParams(same) })) : cases
}

type NetworkRow = readonly [name: string, graph: Graph, ...inputs: Shape[]]

function networks(): NetworkRow[] {
  const basic = resnet({ block: basicBlock, blocks: [2, 1, 1, 1], channels: 8, numClasses: 5 })
  const deep = resnet({ block: bottleneck, blocks: [1, 2, 1, 1], channels: 4, numClasses: 5 })
  const next = { block: bottleneck, channels: 8, groups: 4, widthPerGroup: 16, numClasses: 5 }
  const cifar = { block: basicBlock, blocks: [1, 1, 1], channels: 8, stem: cifarStem, numClasses: 10 }
  return [
    ['of basic blocks', basic, [2, 64, 64, 3]],
    ['of basic blocks, odd size', basic, [1, 33, 47, 3]],
    ['of basic blocks, one pixel', basic, [3, 1, 1, 3]],
    [
      'of basic blocks, with taps',
      selectOutputs(basic, ['conv1', 'layer1.0', 'layer2.0.downsample', 'layer2', 'logits']),
      [1, 40, 32, 3],
    ],
    ['of bottlenecks', deep, [2, 48, 48, 3]],
    ['of bottlenecks, every third value tapped', selectOutputs(deep, everyThird(deep)), [1, 35, 33, 3]],
    ['of grouped bottlenecks', resnet({ ...next, blocks: [1, 1, 1] }), [2, 32, 32, 3]],
    [
      'of grouped bottlenecks, odd size, without a top',
      resnet({ ...next, blocks: [2, 1], includeTop: false }),
      [1, 37, 29, 3],
    ],
    ['of depthwise bottlenecks', resnet({ ...next, blocks: [1, 1], groups: 16, widthPerGroup: 8 }), [1, 24, 24, 3]],
    ['for CIFAR, shortcut A', resnet({ ...cifar, shortcut: 'A' }), [5, 32, 32, 3]],
    ['for CIFAR, shortcut B', resnet({ ...cifar, shortcut: 'B' }), [1, 31, 32, 3]],
    ['for CIFAR, shortcut C', resnet({ ...cifar, shortcut: 'C' }), [2, 16, 16, 3]],
    ['of grey images', resnet({ ...cifar, inChannels: 1, numClasses: 0 }), [1, 17, 19, 1]],
    ['of gated blocks', resnet({ ...cifar, block: gated, activation: silu }), [2, 17, 16, 3]],
    ['with group norm, blurs and average pools', resnet({ ...cifar, block: smooth }), [1, 33, 30, 3]],
    ['whose values go several ways', tangle(), [2, 6, 5, 4], [2, 6, 5, 4]],
  ]
}

/** The names of every third node, the input among them: taps between what would be fused, and inside it. */
function everyThird(graph: Graph): string[] {
  return graph.nodes.filter((_, index) => index % 3 === 0).map((node) => node.name)
}

/** Values that are used twice, added to themselves, put out as they are, and put out under two names. */
function tangle(): Graph {
  const g = new GraphBuilder('tangle')
  const convolve = (x: Value, name: string) => g.conv2d(x, { name, channels: 4, kernel: 3, padding: 1, bias: true })
  const a = g.input('a', { channels: 4 })
  const b = g.input('b', { channels: 4 })
  const first = convolve(a, 'first')
  const ownInput = g.relu(g.add(convolve(first, 'second'), first), { name: 'ownInput' })
  const twoConvolutions = g.add(convolve(ownInput, 'third'), convolve(b, 'fourth'), { name: 'twoConvolutions' })
  const doubled = g.add(twoConvolutions, twoConvolutions, { name: 'doubled' })
  const usedTwice = convolve(doubled, 'usedTwice')
  const last = g.multiply(g.relu(usedTwice), g.activation(usedTwice, 'sigmoid'))
  const outputs = { input: a, first, ownInput, twoConvolutions, last, again: last, rectifiedInput: g.relu(b) }
  for (const [name, value] of Object.entries(outputs)) g.output(name, value)
  return g.build()
}
