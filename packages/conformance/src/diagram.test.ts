import type { Graph } from '@resnet-ts/graph'
import { toDot, toMermaid, toSvg } from '@resnet-ts/graph/diagram'
import { models } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'

// Diagrams of the whole zoo, against what the graphs say of themselves.

const count = (text: string, part: RegExp) => text.match(part)?.length ?? 0

/** An SVG without its legend, which is its last part. */
const sceneOf = (svg: string) => svg.slice(0, svg.indexOf('<g class="legend">'))

/** The blocks and shortcuts of a network, counted from its scopes and sums. */
function counted({ nodes, scopes }: Graph) {
  const stages = scopes.filter(({ kind }) => kind === 'stage').map(({ name }) => name)
  const sums = nodes.filter(({ op }) => op === 'add').length
  const dashed = scopes.filter(({ kind }) => kind === 'downsample').length
  return { stages: stages.length, blocks: sums, solid: sums - dashed, dashed }
}

/** The number in `× 35` of each box that stands for several blocks. */
function hidden(svg: string): number {
  return [...svg.matchAll(/>× (\d+)</g)].reduce((sum, [, blocks]) => sum + Number(blocks) - 1, 0)
}

describe.each([...models])('%s', (name, factory) => {
  const graph = factory()
  const { stages, blocks, solid, dashed } = counted(graph)
  const [height, width] = factory.preprocess.size
  const inputs = { image: [1, height, width, 3] }

  test('every block and every shortcut is drawn', () => {
    const svg = sceneOf(toSvg(graph, inputs, { depth: 'blocks' }))
    expect({
      blocks: count(svg, /class="box block"/g),
      sums: count(svg, /class="sum"/g),
      solid: count(svg, /class="shortcut solid"/g),
      dashed: count(svg, /class="shortcut dashed"/g),
      frames: count(svg, /class="frame"/g),
    }).toEqual({ blocks, sums: blocks, solid, dashed, frames: stages + 2 })
    expect(count(svg, />layer\d<|>stages\.\d</g)).toBe(stages)
  })

  test('groups hide solid shortcuts alone, and say how many', () => {
    const svg = sceneOf(toSvg(graph, inputs, { depth: 'groups', theme: 'dark' }))
    expect(count(svg, /class="box block"/g) + hidden(svg)).toBe(blocks)
    expect(count(svg, /class="shortcut solid"/g) + hidden(svg)).toBe(solid)
    expect(count(svg, /class="shortcut dashed"/g)).toBe(dashed)
  })

  test('Mermaid and DOT have the same', () => {
    const mermaid = toMermaid(graph, inputs, { depth: 'blocks' })
    expect(count(mermaid, /^ *sum\d+\(\("\+"\)\)$/gm)).toBe(blocks)
    expect(count(mermaid, / -\.-> sum/g)).toBe(dashed)
    // Into each sum comes a block, and a shortcut.
    expect(count(mermaid, / --> sum/g)).toBe(solid + blocks)
    const dot = toDot(graph, inputs, { depth: 'blocks' })
    expect(count(dot, /style=dashed/g)).toBe(dashed)
    expect(count(dot, / -> sum\d+$/gm)).toBe(solid)
    expect(count(dot, /subgraph cluster/g)).toBe(stages + 2)
  })

  test('each kind of block can be looked into', () => {
    const kinds = new Map(
      graph.scopes.filter(({ kind }) => /block|bottleneck/i.test(kind)).map((scope) => [scope.kind, scope]),
    )
    expect(kinds.size).toBeGreaterThan(0)
    for (const { name: scope } of kinds.values()) {
      const svg = toSvg(graph, inputs, { scope })
      const own = graph.nodes.filter((node) => node.name.startsWith(`${scope}.`))
      expect(count(svg, />conv \d/g)).toBe(own.filter(({ op }) => op === 'conv2d').length)
      expect(count(svg, />batch norm</g)).toBe(own.filter(({ op }) => op === 'batchNorm').length)
      expect(svg).toContain(`>${name} · ${scope}<`)
    }
  })
})

test('a network of 152 layers fits a slide', () => {
  const svg = toSvg(models.get('resnet152')!(), { image: [1, 224, 224, 3] })
  expect([...svg.matchAll(/>(× \d+)</g)].map(([, blocks]) => blocks)).toEqual(['× 2', '× 7', '× 35', '× 2'])
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number)
  expect(width! / height!).toBeGreaterThan(16 / 9)
  expect(width!).toBeLessThan(1920)
})
