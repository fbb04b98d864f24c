import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'
import { optimise } from '../passes/index.js'
import { refusal } from '../testing/errors.js'
import { deepFreeze, everyOp, graphOf, paramsOf } from '../testing/networks.js'
import { pictureOf } from '../testing/picture.js'
import { preActivatedBlock, residualNetwork, smallBlock } from '../testing/residual.js'
import { type SvgOptions, toDot, toDrawing, toMermaid, toSvg } from './index.js'

const inputs = { image: [1, 16, 16, 3] }

function picture(graph: Graph, options?: SvgOptions) {
  return pictureOf(toSvg(graph, inputs, options))
}

describe('a network as SVG', () => {
  test('has a frame a stage with its shape and costs, a box a block, and a shortcut for each sum', () => {
    const { boxes, frames, solid, dashed, sums } = picture(residualNetwork([2, 1]))
    expect(frames).toEqual([
      ['stem', '108 parameters · 27.6 k MACs'],
      ['layer1', '16 × 16 × 4', '608 parameters · 147 k MACs'],
      ['layer2', '8 × 8 × 8', '928 parameters · 57.3 k MACs'],
      ['head', '90 parameters · 80 MACs'],
    ])
    expect(boxes).toEqual([
      ['image', '16 × 16 × 3'],
      ['conv 3×3, 3 → 4', 'ReLU', '16 × 16 × 4'],
      ['small block', '3×3, 4 · 3×3, 4', '16 × 16 × 4'],
      ['small block', '3×3, 4 · 3×3, 4', '16 × 16 × 4'],
      ['small block', '3×3, 8 · 3×3, 8', '8 × 8 × 8', 'stride 2'],
      ['global average pool', '8', '→ embedding'],
      ['linear, 8 → 10', '10', '→ logits'],
    ])
    expect({ solid, dashed, sums }).toEqual({ solid: 2, dashed: 1, sums: 3 })
  })

  test('says what it shows in words, too', () => {
    const { root } = picture(residualNetwork([1, 2]))
    const [title, description] = root.children.map(({ text }) => text)
    expect(title).toBe('small')
    expect(description).toMatch(/^image 16 × 16 × 3, .* parameters, .* MACs\. stem, /)
    expect(description).toContain(
      'small block, stride 2, 8 × 8 × 8, dashed shortcut; small block, 8 × 8 × 8, solid shortcut.',
    )
    expect(description).toContain('linear, 8 → 10, 10, output logits.')
  })

  test('draws the shortcuts of pre-activated blocks from where the blocks start', () => {
    const { solid, dashed, sums } = picture(residualNetwork([2, 3], { block: preActivatedBlock }))
    expect({ solid, dashed, sums }).toEqual({ solid: 4, dashed: 1, sums: 5 })
  })

  test('is the same for a network that passes have fused', () => {
    const graph = residualNetwork([2, 2])
    const plain = picture(graph)
    const fused = picture(optimise({ graph, params: paramsOf(graph) }).graph)
    expect(fused.boxes).toHaveLength(plain.boxes.length)
    const { solid, dashed, sums } = fused
    expect({ solid, dashed, sums }).toEqual({ solid: 3, dashed: 1, sums: 4 })
  })

  test('has the colours of its theme, and no others', () => {
    const graph = residualNetwork([1, 1])
    const light = toSvg(graph, inputs)
    expect(light).toContain('fill="#ffffff"')
    const dark = toSvg(graph, inputs, { theme: 'dark' })
    expect(dark).not.toContain('#ffffff')
    expect(dark.replaceAll(/#[0-9a-f]{6}/g, '')).toBe(light.replaceAll(/#[0-9a-f]{6}/g, ''))
  })

  test('needs nothing from elsewhere', () => {
    const links = toSvg(residualNetwork([1, 1]), inputs).match(/href|url\(|@import|<style|<script|https?:\/\/[^"]*/g)
    expect(links).toEqual(['http://www.w3.org/2000/svg'])
  })
})

describe('a network as data', () => {
  test('has the frames, boxes and edges that are drawn', () => {
    const { title, view, frames, edges, dashed } = toDrawing(residualNetwork([1, 1]), inputs)
    expect({ title, view, dashed }).toEqual({ title: 'small', view: 'network', dashed: ['1×1 conv'] })
    expect(frames.map((frame) => [frame.kind, frame.title])).toEqual([
      ['part', 'stem'],
      ['stage', 'layer1'],
      ['stage', 'layer2'],
      ['part', 'head'],
    ])
    const block = frames[2]!.boxes[0]!
    expect(block).toMatchObject({ kind: 'block', names: ['layer2.0'], shape: '8 × 8 × 8', shortcut: 'dashed' })
    expect(edges.filter(({ to }) => to === block.id).map(({ kind }) => kind)).toEqual(['flow', 'dashed'])
  })
})

describe('depth', () => {
  const counts = (blocks: readonly number[], options?: SvgOptions) => {
    const { boxes, solid, dashed } = picture(residualNetwork(blocks), options)
    const drawn = boxes.filter(([title]) => title === 'small block')
    return { drawn: drawn.map((box) => box.find((text) => text.startsWith('×')) ?? ''), solid, dashed }
  }

  test('draws neighbours that are alike once, but a first block with a dashed shortcut on its own', () => {
    expect(counts([3, 4, 1], { depth: 'groups' })).toEqual({ drawn: ['× 3', '', '× 3', ''], solid: 2, dashed: 2 })
    expect(counts([3, 4], { depth: 'blocks' })).toEqual({ drawn: Array(7).fill(''), solid: 6, dashed: 1 })
  })

  test('draws up to 20 blocks one by one, and more in groups', () => {
    expect(counts([10, 10])).toEqual({ drawn: Array(20).fill(''), solid: 19, dashed: 1 })
    expect(counts([10, 11])).toEqual({ drawn: ['× 10', '', '× 10'], solid: 2, dashed: 1 })
  })

  test('keeps apart what is not alike, or not in a row', () => {
    const dashed = (g: GraphBuilder, x: Value) =>
      g.add(g.conv2d(x, { channels: 3, kernel: 3, padding: 1 }), g.conv2d(x, { name: 'short', channels: 3, kernel: 1 }))
    const stage = (
      write: (g: GraphBuilder, x: Value, block: (name: string, y: Value, kind?: string) => Value) => Value,
    ) =>
      graphOf(3, (g, image) =>
        g.scope('layer', 'stage', () =>
          write(g, image, (name, y, kind = 'block') => g.scope(name, kind, () => dashed(g, y))),
        ),
      )
    const groups = (graph: Graph) => {
      const { boxes } = picture(graph, { depth: 'groups' })
      return boxes
        .slice(1)
        .map(([title, ...rest]) => [title, rest.find((text) => text.startsWith('×'))].join(' ').trim())
    }
    expect(groups(stage((_, x, block) => block('2', block('1', block('0', x)))))).toEqual(['block', 'block × 2'])
    expect(groups(stage((_, x, block) => block('2', block('1', block('0', x, 'other')))))).toEqual([
      'other',
      'block × 2',
    ])
    expect(groups(stage((_, x, block) => block('2', block('1', block('0', x), 'other'))))).toEqual([
      'block',
      'other',
      'block',
    ])
    const parallel = stage((g, x, block) => g.add(block('1', block('0', x)), block('2', x), { name: 'join' }))
    expect(groups(parallel).slice(0, 3)).toEqual(['block', 'block', 'block'])
  })
})

describe('scope', () => {
  test('draws the layers of a block, in stacks, its dashed shortcut beside them', () => {
    const { boxes, solid, dashed, sums } = picture(residualNetwork([1, 1]), { scope: 'layer2.0' })
    expect(boxes).toEqual([
      ['input', '16 × 16 × 4'],
      ['conv 3×3, 4 → 8', 'batch norm', 'ReLU', '8 × 8 × 8', 'stride 2'],
      ['conv 3×3, 8 → 8', 'batch norm', '8 × 8 × 8'],
      ['conv 1×1, 4 → 8', '8 × 8 × 8', 'stride 2'],
      ['ReLU', '8 × 8 × 8'],
      ['output', '8 × 8 × 8'],
    ])
    // Into the projection, and from it to the sum.
    expect({ solid, dashed, sums }).toEqual({ solid: 0, dashed: 2, sums: 1 })
  })

  test('draws the shortcut of a pre-activated block from where it starts', () => {
    const dot = toDot(residualNetwork([1, 1], { block: preActivatedBlock }), inputs, { scope: 'layer2.0' })
    // box0 is the input, box1 the norm and the activation.
    expect(dot).toMatch(/box1 \[label="batch norm\\nReLU/)
    expect(dot).toMatch(/box1 -> box\d+ \[style=dashed\]/)
    expect(dot).not.toMatch(/box0 -> .*dashed/)
    const solid = toDot(residualNetwork([1], { block: preActivatedBlock }), inputs, { scope: 'layer1.0' })
    expect(solid).toMatch(/box0 -> box\d+\n/)
  })

  test('draws a stage', () => {
    const { boxes, frames, solid, dashed } = picture(residualNetwork([1, 3]), { scope: 'layer2' })
    expect(frames.map(([title]) => title)).toEqual(['layer2'])
    expect(boxes.map(([title]) => title)).toEqual(['input', 'small block', 'small block', 'small block'])
    expect({ solid, dashed }).toEqual({ solid: 2, dashed: 1 })
  })

  test('refuses what is no part of the network', () => {
    const graph = residualNetwork([1])
    for (const scope of ['layer9', 'layer1.0.conv1', '', 'small', 'constructor']) {
      expect(refusal(() => toSvg(graph, inputs, { scope }))).toMatchObject({
        name: 'OptionError',
        subject: "scope of 'small'",
        found: `'${scope}'`,
        advice: 'its parts are layer1, layer1.0',
      })
    }
  })
})

test('a network without blocks is drawn layer by layer', () => {
  const graph = graphOf(3, (g, image) => {
    const x = g.relu(g.conv2d(image, { name: 'conv', channels: 3, kernel: 3, padding: 1 }))
    const y = g.add(g.conv2d(x, { name: 'a', channels: 3, kernel: 1 }), x)
    return g.multiply(y, g.conv2d(g.globalPool(y, { keepDimensions: true }), { channels: 3, kernel: 1 }))
  })
  const { boxes, frames, solid, sums, products } = picture(graph)
  expect(boxes.map(([title]) => title)).toEqual([
    'image',
    'conv 3×3, 3 → 3',
    'conv 1×1, 3 → 3',
    'global average pool',
    'conv 1×1, 3 → 3',
  ])
  expect(frames).toEqual([])
  expect({ solid, sums, products }).toEqual({ solid: 1, sums: 1, products: 1 })
})

test('every op has a name', () => {
  const names = [
    'image',
    'reflect pad 1 2 1 2',
    'conv 3×5, 3 → 8',
    'batch norm',
    'ReLU',
    'max pool 3×3',
    'group norm, 4 groups',
    'global average pool',
    'conv over channels, 3',
    'sigmoid',
    '×',
    'drop path 0.1',
    'subsample',
    'average pool 2×2',
    'concat',
    'global average & max pool',
    'dropout 0.5',
    'linear, 24 → 5',
    'softmax',
  ]
  const graph = everyOp()
  const layers = { ...graph, scopes: [] }
  for (const text of [toMermaid(layers, inputs), toDot(layers, inputs)]) {
    expect(names.filter((name) => !text.replaceAll('#38;', '&').replaceAll('&amp;', '&').includes(name))).toEqual([])
  }
  const { boxes, products } = picture(layers)
  expect(names.filter((name) => name !== '×' && !boxes.flat().includes(name))).toEqual([])
  expect(products).toBe(1)
  expect(picture(graph).boxes.map(([title]) => title)).toContain('block')
})

test('lines that skip blocks or stages keep clear of all boxes', () => {
  const g = new GraphBuilder('skips')
  const block = (name: string, x: Value) => g.scope(name, 'block', () => smallBlock(g, x, 4))
  const image = g.input('image', { channels: 3 })
  const stem = g.conv2d(image, { name: 'conv', channels: 4, kernel: 1 })
  const first = g.scope('a', 'stage', () => block('1', block('0', stem)))
  const second = g.scope('b', 'stage', () => {
    const one = block('0', first)
    return g.add(block('2', block('1', one)), one, { name: 'long' })
  })
  const third = g.scope('c', 'stage', () => {
    // Its shortcut comes from another stage.
    const far = g.scope('0', 'block', () => g.add(g.conv2d(second, { channels: 4, kernel: 1 }), stem, { name: 'far' }))
    return block('1', far)
  })
  g.output('maps', g.concat([third, first, second], { name: 'all' }))
  g.output('other', g.relu(first, { name: 'aside' }))
  const graph = g.build()
  const { solid, sums } = picture(graph)
  expect({ solid, sums }).toEqual({ solid: 7, sums: 8 })
  expect(picture(graph, { scope: 'b' }).solid).toBe(3)
  expect(picture({ ...graph, scopes: [] }).solid).toBe(8)
})

describe('text formats', () => {
  const graph = residualNetwork([1, 1])

  test('Mermaid: a subgraph a stage, solid and dashed arrows into sums', () => {
    expect(toMermaid(graph, inputs)).toBe(`---
title: "small · image 16 × 16 × 3 · 1.43 k parameters · 159 k MACs"
config: { flowchart: { wrappingWidth: 400, subGraphTitleMargin: { top: 4, bottom: 24 } } }
---
flowchart TB
  subgraph part0["stem<br/>108 parameters · 27.6 k MACs"]
    box0(["image<br/>16 × 16 × 3"])
    box1["conv 3×3, 3 → 4<br/>ReLU<br/>16 × 16 × 4"]
  end
  subgraph part1["layer1<br/>16 × 16 × 4 · 304 parameters · 73.7 k MACs"]
    box2["small block<br/>3×3, 4 · 3×3, 4<br/>16 × 16 × 4"]
    sum2(("+"))
  end
  subgraph part2["layer2<br/>8 × 8 × 8 · 928 parameters · 57.3 k MACs"]
    box3["small block, stride 2<br/>3×3, 8 · 3×3, 8<br/>8 × 8 × 8"]
    sum3(("+"))
  end
  subgraph part3["head<br/>90 parameters · 80 MACs"]
    box4["global average pool<br/>8<br/>output: embedding"]
    box5["linear, 8 → 10<br/>10<br/>output: logits"]
  end
  box0 --> box1
  box1 --> box2
  box1 --> sum2
  sum2 --> box3
  sum2 -.-> sum3
  sum3 --> box4
  box4 --> box5
  box2 --> sum2
  box3 --> sum3
  legend["solid: identity shortcut<br/>dashed: shortcut through 1×1 conv"]:::note
  classDef note fill:none,stroke:none
`)
  })

  test('DOT: a cluster a stage, solid and dashed arrows into sums', () => {
    expect(toDot(graph, inputs)).toBe(String.raw`digraph "small" {
  graph [label="small\nimage 16 × 16 × 3 · 1.43 k parameters · 159 k MACs\nsolid: identity shortcut\ndashed: shortcut through 1×1 conv" labelloc=t labeljust=l fontname="Helvetica" style=rounded color="#94a3b8"]
  node [shape=box style=rounded fontname="Helvetica" fontsize=11]
  subgraph cluster0 {
    label="stem\n108 parameters · 27.6 k MACs"
    box0 [label="image\n16 × 16 × 3" shape=oval]
    box1 [label="conv 3×3, 3 → 4\nReLU\n16 × 16 × 4"]
  }
  subgraph cluster1 {
    label="layer1\n16 × 16 × 4 · 304 parameters · 73.7 k MACs"
    box2 [label="small block\n3×3, 4 · 3×3, 4\n16 × 16 × 4"]
    sum2 [label="+" shape=circle margin=0 width=0.25]
  }
  subgraph cluster2 {
    label="layer2\n8 × 8 × 8 · 928 parameters · 57.3 k MACs"
    box3 [label="small block, stride 2\n3×3, 8 · 3×3, 8\n8 × 8 × 8"]
    sum3 [label="+" shape=circle margin=0 width=0.25]
  }
  subgraph cluster3 {
    label="head\n90 parameters · 80 MACs"
    box4 [label="global average pool\n8\noutput: embedding"]
    box5 [label="linear, 8 → 10\n10\noutput: logits"]
  }
  box0 -> box1 [weight=8]
  box1 -> box2 [weight=8]
  box1 -> sum2
  sum2 -> box3 [weight=8]
  sum2 -> sum3 [style=dashed]
  sum3 -> box4 [weight=8]
  box4 -> box5 [weight=8]
  box2 -> sum2 [weight=8]
  box3 -> sum3 [weight=8]
}
`)
  })
})

describe('names', () => {
  const forbidden = '\u0000\ud800\ufffe'
  const nasty = [`<&">'`, ']]>', '\\', forbidden, '`"]);\n%%{', 'a|b', '#quot;', '日本語', 'end', 'x'.repeat(300)]
  const named = (name: string) => {
    const g = new GraphBuilder(name)
    const image = g.input(name, { channels: 3 })
    const stage = g.scope(`${name}1`, 'stage', () => g.scope('0', name, () => smallBlock(g, image, 3)))
    g.output(name, stage)
    return g.build()
  }

  test.each(nasty)('%j is text, in SVG', (name) => {
    for (const scope of [undefined, `${name}1.0`]) {
      const { root } = pictureOf(toSvg(named(name), { [name]: [1, 8, 8, 3] }, { scope }))
      const title = root.children[0]!.text
      const shown = name === forbidden ? '\ufffd\ufffd\ufffd' : name
      expect(title).toBe(scope === undefined ? shown : `${shown} · ${shown}1.0`)
    }
  })

  test.each(nasty)('%j is text, in Mermaid and DOT', (name) => {
    const plain = residualNetwork([1])
    const shape = { [name]: [1, 8, 8, 3] }
    // No name adds a line, or ends a quoted label.
    const mermaid = toMermaid(named(name), shape)
    expect(mermaid.split('\n').length).toBe(toMermaid(named('plain'), { plain: [1, 8, 8, 3] }).split('\n').length)
    for (const line of mermaid.split('\n').slice(4)) expect(line.match(/"/g)?.length ?? 0).toBeOneOf([0, 2])
    const dot = toDot(named(name), shape)
    for (const line of dot.split('\n')) expect(line).toMatch(/^(?:[^"]|"(?:[^"\\]|\\.)*")*$/)
    expect(plain.name).toBe('small')
  })
})

test('nothing is changed, and the same is drawn again', () => {
  const graph = deepFreeze(residualNetwork([2, 2]))
  for (const draw of [toSvg, toMermaid, toDot]) expect(draw(graph, inputs)).toBe(draw(residualNetwork([2, 2]), inputs))
})

test('a batch is part of the shapes, and of the costs', () => {
  const { boxes, root } = pictureOf(toSvg(residualNetwork([1]), { image: [4, 16, 16, 3] }))
  expect(boxes[0]).toEqual(['image', '4 × 16 × 16 × 3'])
  expect(root.children[1]!.text).toMatch(/^image 4 × 16 × 16 × 3, /)
})

test('what cannot be drawn is refused', () => {
  const graph = residualNetwork([1])
  expect(refusal(() => toSvg(graph, {}))).toMatchObject({ name: 'ShapeError', subject: "input 'image'" })
  expect(refusal(() => toSvg(graph, inputs, { theme: 'toString' as 'dark' }))).toMatchObject({
    name: 'OptionError',
    subject: "diagram option 'theme'",
    expected: 'light or dark',
  })
  expect(refusal(() => toDot(graph, inputs, { depth: 2 as unknown as 'blocks' }))).toMatchObject({
    name: 'OptionError',
    expected: 'blocks or groups',
    found: '2',
  })
  const long = graphOf(1, (g, image) =>
    Array.from({ length: 10_000 }, (_, index) => index).reduce(
      (x, index) => g.relu(x, { name: `relu${index}` }),
      image,
    ),
  )
  expect(refusal(() => toMermaid(long, { image: [1, 1, 1, 1] }))).toMatchObject({
    expected: 'at most 10000 layers',
    found: '10001',
  })
})
