import { type Graph, GraphBuilder, inferShapes, parameters, sizeOf } from '@resnet-ts/graph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseForms,
  type Form,
  filtersOf,
  formsOf,
  isWeighted,
  panelChannels,
  tileSize,
  timeOf,
  type Weighted,
  weightBytes,
} from './forms.js'
import { stepsOf } from './steps.js'

type Convolution = Omit<Parameters<GraphBuilder['conv2d']>[1], 'name'>

function conv(inChannels: number, options: Convolution): Weighted {
  const g = new GraphBuilder('conv')
  g.output('y', g.conv2d(g.input('x', { channels: inChannels }), { name: 'conv', ...options }))
  return g.build().nodes.find(isWeighted) as Weighted
}

/** Convolutions one after the other. */
function chain(layers: readonly { readonly channels: number; readonly kernel: number }[]): Graph {
  const g = new GraphBuilder('chain')
  let x = g.input('image', { channels: 16 })
  for (const [index, { channels, kernel }] of layers.entries()) {
    x = g.conv2d(x, { name: `conv${index}`, channels, kernel, padding: (kernel - 1) / 2 })
  }
  g.output('y', x)
  return g.build()
}

function chosen(graph: Graph, size: number, limit: number) {
  const shapes = inferShapes(graph, { image: [1, size, size, 16] })
  return { shapes, forms: chooseForms(stepsOf(graph), shapes, limit) }
}

/** Bytes that the packed weights take. */
function total(forms: ReadonlyMap<Weighted, Form>): number {
  return [...forms].reduce((sum, [node, form]) => sum + weightBytes(filtersOf(node), form), 0)
}

const chains = fc
  .array(fc.record({ channels: fc.constantFrom(8, 12, 16, 64, 128), kernel: fc.constantFrom(1, 3, 5) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map(chain)

describe('the forms that a convolution can take', () => {
  test.each<[string, number, Convolution, readonly Form[]]>([
    ['a stem on three channels', 3, { channels: 64, kernel: 7, stride: 2, padding: 3 }, ['merged', 'phases']],
    ['the same of stride 1', 3, { channels: 64, kernel: 7, padding: 3 }, ['merged']],
    ['the same to channels that do not fill a panel', 3, { channels: 60, kernel: 7, stride: 2 }, ['merged']],
    ['the same, dilated', 3, { channels: 64, kernel: 7, dilation: 2 }, ['direct']],
    ['depthwise', 32, { channels: 32, kernel: 3, stride: 2, groups: 32 }, ['direct']],
    ['3×3', 16, { channels: 16, kernel: 3, padding: 1 }, ['direct', 'winograd4', 'winograd2']],
    ['3×3 without padding', 16, { channels: 16, kernel: 3 }, ['direct', 'winograd4', 'winograd2']],
    ['3×3 in groups', 16, { channels: 16, kernel: 3, groups: 4 }, ['direct', 'winograd4', 'winograd2']],
    ['3×3 of stride 2', 16, { channels: 16, kernel: 3, stride: 2 }, ['direct']],
    ['3×3, dilated', 16, { channels: 16, kernel: 3, dilation: 2 }, ['direct']],
    ['3×3 from channels that do not fill vectors', 18, { channels: 16, kernel: 3 }, ['direct']],
    ['3×3 to channels that do not fill a panel', 16, { channels: 12, kernel: 3 }, ['direct']],
    ['1×1', 16, { channels: 16, kernel: 1 }, ['direct', 'strassen']],
    ['1×1 of stride 2', 16, { channels: 16, kernel: 1, stride: 2 }, ['direct', 'strassen']],
    ['1×1 with padding', 16, { channels: 16, kernel: 1, padding: 1 }, ['direct']],
    ['1×1 in groups', 16, { channels: 16, kernel: 1, groups: 2 }, ['direct']],
    ['1×1 to one panel', 16, { channels: 8, kernel: 1 }, ['direct']],
    ['1×1 from few channels', 4, { channels: 16, kernel: 1 }, ['direct']],
  ])('%s', (_, inChannels, options, forms) => {
    expect(formsOf(conv(inChannels, options))).toEqual(forms)
  })
})

describe('what a panel reads', () => {
  test('without groups, all channels', () => {
    const { span, firstChannels } = filtersOf(conv(24, { channels: 20, kernel: 1 }))
    expect({ span, firstChannels }).toEqual({ span: 24, firstChannels: [0, 0, 0] })
  })

  test('with groups, the channels of those that its outputs belong to', () => {
    const { span, firstChannels } = filtersOf(conv(32, { channels: 32, kernel: 3, groups: 8 }))
    expect({ span, firstChannels }).toEqual({ span: 8, firstChannels: [0, 8, 16, 24] })
  })

  test('never more than there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (groups, into, out) => {
          const node = conv(groups * into, { channels: groups * out, kernel: 1, groups })
          const { span, firstChannels } = filtersOf(node)
          expect(firstChannels).toHaveLength(Math.ceil((groups * out) / panelChannels))
          for (const [panel, first] of firstChannels.entries()) {
            expect(first).toBeGreaterThanOrEqual(0)
            expect(first + span).toBeLessThanOrEqual(groups * into)
            const channels = Array.from({ length: panelChannels }, (_, lane) => panel * panelChannels + lane)
            for (const channel of channels.filter((each) => each < groups * out)) {
              const group = Math.floor(channel / out)
              expect(group * into).toBeGreaterThanOrEqual(first)
              expect((group + 1) * into).toBeLessThanOrEqual(first + span)
            }
          }
        },
      ),
    )
  })
})

describe('bytes of packed weights', () => {
  const node = conv(64, { channels: 64, kernel: 3, padding: 1 })
  const plain = 64 * 64 * 9 * 4
  test.each<[Form, number]>([
    ['direct', 1],
    ['winograd2', 16 / 9],
    ['winograd4', 4],
  ])('%s', (form, factor) => expect(weightBytes(filtersOf(node), form)).toBe(plain * factor))

  test('strassen', () => {
    expect(weightBytes(filtersOf(conv(64, { channels: 64, kernel: 1 })), 'strassen')).toBe((64 * 64 * 4 * 7) / 4)
  })

  test('a panel that is not full takes the room of one that is', () => {
    expect(weightBytes(filtersOf(conv(8, { channels: 9, kernel: 1 })), 'direct')).toBe(2 * 8 * 8 * 4)
  })
})

describe('the choice', () => {
  test('keeps the weights within the limit, or as they are', () => {
    fc.assert(
      fc.property(chains, fc.double({ min: 0, max: 5, noNaN: true }), (graph, factor) => {
        const plain = total(chosen(graph, 56, 0).forms)
        const limit = plain * factor
        expect(total(chosen(graph, 56, limit).forms)).toBeLessThanOrEqual(Math.max(limit, plain))
      }),
    )
  })

  test('takes of every convolution the fastest where there is room', () => {
    fc.assert(
      fc.property(chains, fc.constantFrom(7, 14, 56, 224), (graph, size) => {
        const { forms, shapes } = chosen(graph, size, Number.POSITIVE_INFINITY)
        for (const [node, form] of forms) {
          const { inChannels } = node.attributes
          const time = (each: Form) => timeOf(filtersOf(node), each, inChannels, shapes.get(node.name)!)
          expect(time(form)).toBe(Math.min(...formsOf(node).map(time)))
        }
      }),
    )
  })

  test('is never slower than as they are, and no form is one that a convolution cannot take', () => {
    fc.assert(
      fc.property(chains, fc.double({ min: 0, max: 4, noNaN: true }), (graph, factor) => {
        const { forms, shapes } = chosen(graph, 56, factor * total(chosen(graph, 56, 0).forms))
        for (const [node, form] of forms) {
          expect(formsOf(node)).toContain(form)
          const time = (each: Form) => timeOf(filtersOf(node), each, node.attributes.inChannels, shapes.get(node.name)!)
          expect(time(form)).toBeLessThanOrEqual(time(formsOf(node)[0]))
        }
      }),
    )
  })

  test('gives what little room there is to the convolution that gains most a byte', () => {
    const graph = chain([
      { channels: 64, kernel: 3 },
      { channels: 64, kernel: 3 },
      { channels: 16, kernel: 3 },
    ])
    const weights = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0)
    const { forms } = chosen(graph, 56, 1.3 * weights)
    const sizes = [...forms.values()].map(tileSize)
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(0)
    expect(sizes.filter((size) => size === 0).length).toBeGreaterThan(0)
  })

  test('without shapes leaves all as they are', () => {
    const forms = chooseForms(stepsOf(chain([{ channels: 64, kernel: 3 }])), undefined, Number.POSITIVE_INFINITY)
    expect([...forms.values()]).toEqual(['direct'])
  })

  test('is made quickly for a network of a thousand layers', () => {
    const graph = chain(Array.from({ length: 1000 }, () => ({ channels: 16, kernel: 3 })))
    const weights = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0)
    const start = performance.now()
    const { forms } = chosen(graph, 32, 2 * weights)
    expect(forms.size).toBe(1000)
    // It takes a fifth of a second; at a cubic cost it would be minutes.
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('the time of a convolution', () => {
  const node = conv(64, { channels: 64, kernel: 3, padding: 1 })
  const time = (form: Form, shape: readonly number[]) => timeOf(filtersOf(node), form, 64, shape)

  test.each<Form>(['direct', 'winograd2', 'winograd4'])('of %s grows with the map and the batch', (form) => {
    expect(time(form, [1, 28, 28, 64])).toBeLessThan(time(form, [1, 56, 56, 64]))
    expect(time(form, [1, 28, 28, 64])).toBeLessThan(time(form, [2, 28, 28, 64]))
  })

  test('of Winograd counts whole tiles', () => {
    expect(time('winograd4', [1, 5, 5, 64])).toBe(time('winograd4', [1, 8, 8, 64]))
  })

  test('a linear layer is one of 1×1', () => {
    const g = new GraphBuilder('head')
    g.output('y', g.linear(g.globalPool(g.input('x', { channels: 64 })), { name: 'fc', channels: 32 }))
    const fc = g.build().nodes.find(isWeighted) as Weighted
    const pointwise = conv(64, { channels: 32, kernel: 1 })
    expect(timeOf(filtersOf(fc), 'direct', 64, [8, 32])).toBe(timeOf(filtersOf(pointwise), 'direct', 64, [8, 1, 1, 32]))
  })
})
