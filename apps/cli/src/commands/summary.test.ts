import { goldenModel } from '@resnet-ts/golden'
import { describe, expect, it } from 'vitest'
import { resnet } from '../testing/run.js'

interface TreeNode {
  readonly name: string
  readonly kind: string
  readonly shape: readonly number[]
  readonly parameters: number
  readonly macs: number
  readonly convActivations: number
  readonly children: readonly TreeNode[]
}

interface Document {
  readonly model: string
  readonly input: readonly number[]
  readonly total: { readonly parameters: number; readonly macs: number; readonly convActivations: number }
  readonly tree: TreeNode
}

async function documentOf(...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await resnet('summary', ...args, '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Document
}

const levels = ({ children }: TreeNode): number => 1 + Math.max(-1, ...children.map(levels))

describe('resnet summary', () => {
  it('gives the whole tree as JSON, every node the sum of its children', async () => {
    const { model, input, total, tree } = await documentOf('resnet50')
    const { params: parameters, macs224: macs, convActivations224: convActivations } = goldenModel('resnet50')
    expect({ model, input, total }).toEqual({
      model: 'resnet50',
      input: [1, 224, 224, 3],
      total: { parameters, macs, convActivations },
    })
    expect(tree).toMatchObject({ ...total, name: 'resnet50', kind: 'network', shape: [1, 1000] })
    expect(levels(tree)).toBe(4)
    const check = (node: TreeNode) => {
      if (node.children.length === 0) return
      for (const key of ['parameters', 'macs', 'convActivations'] as const) {
        expect([node.name, node.children.reduce((sum, child) => sum + child[key], 0)]).toEqual([node.name, node[key]])
      }
      node.children.forEach(check)
    }
    check(tree)
    const stages = tree.children.filter(({ kind }) => kind === 'stage')
    expect(stages.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['layer1', 1, 56, 56, 256],
      ['layer2', 1, 28, 28, 512],
      ['layer3', 1, 14, 14, 1024],
      ['layer4', 1, 7, 7, 2048],
    ])
  })

  it('limits the depth of the tree, not of the sums', async () => {
    const whole = await documentOf('resnet18')
    const stages = await documentOf('resnet18', '--depth', '1')
    expect(levels(stages.tree)).toBe(1)
    expect(stages.total).toEqual(whole.total)
    expect(levels((await documentOf('resnet18', '--depth', '0')).tree)).toBe(0)
  })

  it('takes another size of the image', async () => {
    const { input, total, tree } = await documentOf('resnet50', '--input-size', '64')
    expect(input).toEqual([1, 64, 64, 3])
    expect(tree.children.find(({ name }) => name === 'layer4')!.shape).toEqual([1, 2, 2, 2048])
    expect(total.parameters).toBe(goldenModel('resnet50').params)
    expect(total.macs).toBeLessThan(goldenModel('resnet50').macs224 / 10)
  })

  it('shows the network that embedded weights belong to, with its tag', async () => {
    const tagged = await documentOf('cifar_resnet20.cifar10')
    // The card of these weights counts its parameters; the shortcuts are projections, which those of the zoo are not.
    expect(tagged.total.parameters).toBe(272_474)
    expect((await documentOf('cifar_resnet20')).total.parameters).toBe(269_722)
  })

  it.each([
    ['resnet50', 'a1_in1k', 224, 1000],
    ['resnet50', 'IMAGENET1K_V2', 224, 1000],
    ['ecaresnet50t', 'a3_in1k', 160, 1000],
    ['resnetaa50d', 'sw_in12k', 224, 11_821],
  ] as const)('shows the network of a published tag: %s.%s', async (architecture, tag, side, classes) => {
    const { model, input, total, tree } = await documentOf(`${architecture}.${tag}`)
    expect([model, input, tree.shape]).toEqual([`${architecture}.${tag}`, [1, side, side, 3], [1, classes]])
    // A class more is 2,048 weights and a bias.
    expect(total.parameters).toBe(goldenModel(architecture).params + (classes - 1000) * 2049)
  })

  it('tells the tags there are for one that is not', async () => {
    const { code, stdout, stderr } = await resnet('summary', 'resnet18.a9_in1k')
    expect(stderr).toBe(
      "error: model 'resnet18.a9_in1k': expected one of the tags a1_in1k, a2_in1k, a3_in1k, fb_ssl_yfcc100m_ft_in1k, " +
        "fb_swsl_ig1b_ft_in1k, gluon_in1k, tv_in1k, IMAGENET1K_V1, found the tag 'a9_in1k'.\n",
    )
    expect([code, stdout]).toEqual([1, ''])
    expect((await resnet('summary', 'resnet200.a1_in1k')).stderr).toMatch(/no checkpoint of it is published/)
    expect((await resnet('summary', 'resnet5.a1_in1k')).stderr).toMatch(/nearest names are resnet50, /)
  })

  it('prints a tree down to the blocks', async () => {
    const { code, stdout, stderr } = await resnet('summary', 'cifar_resnet20')
    expect(stdout).toBe(
      `${[
        'layer           kind              output  parameters        MACs',
        'cifar_resnet20  network               10     269,722  40,551,040',
        '├─ image        input        32 × 32 × 3',
        '├─ conv1        conv2d      32 × 32 × 16         432     442,368',
        '├─ bn1          batchNorm   32 × 32 × 16          32',
        '├─ act1         relu        32 × 32 × 16',
        '├─ layer1       stage       32 × 32 × 16      14,016  14,155,776',
        '│  ├─ 0         basicBlock  32 × 32 × 16       4,672   4,718,592',
        '│  ├─ 1         basicBlock  32 × 32 × 16       4,672   4,718,592',
        '│  └─ 2         basicBlock  32 × 32 × 16       4,672   4,718,592',
        '├─ layer2       stage       16 × 16 × 32      51,072  12,976,128',
        '│  ├─ 0         basicBlock  16 × 16 × 32      13,952   3,538,944',
        '│  ├─ 1         basicBlock  16 × 16 × 32      18,560   4,718,592',
        '│  └─ 2         basicBlock  16 × 16 × 32      18,560   4,718,592',
        '├─ layer3       stage         8 × 8 × 64     203,520  12,976,128',
        '│  ├─ 0         basicBlock    8 × 8 × 64      55,552   3,538,944',
        '│  ├─ 1         basicBlock    8 × 8 × 64      73,984   4,718,592',
        '│  └─ 2         basicBlock    8 × 8 × 64      73,984   4,718,592',
        '├─ global_pool  globalPool            64',
        '└─ fc           linear                10         650         640',
        '',
        'input                    32 × 32 × 3',
        'parameters                   269,722   270 k',
        'multiply-accumulates      40,551,040  40.6 M',
        'convolution activations      188,416   188 k',
      ].join('\n')}\n`,
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('draws diagrams', async () => {
    const svg = await resnet('summary', 'resnet18', '--format', 'svg', '--theme', 'dark')
    expect(svg).toMatchObject({ code: 0, stderr: '' })
    expect(svg.stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    expect(svg.stdout.match(/class="box block"/g)).toHaveLength(8)
    const mermaid = await resnet('summary', 'cifar_resnet20', '--format', 'mermaid', '--depth', '1')
    expect(mermaid.stdout).toMatch(
      /^---\ntitle: "cifar_resnet20 · image 32 × 32 × 3 · 270 k parameters · 40\.6 M MACs"\n/,
    )
    expect(mermaid.stdout).toContain('["3 × basic block<br/>')
    const dot = await resnet('summary', 'resnet50', '--format', 'dot', '--scope', 'layer2.0', '--input-size', '64')
    expect(dot.stdout).toMatch(/^digraph "resnet50 · layer2\.0" \{\n[\s\S]*8 × 8 × 512[\s\S]*\}\n$/)
  })

  it('refuses options that belong to another format', async () => {
    const refused = async (...args: readonly string[]) => (await resnet('summary', 'resnet18', ...args)).stderr
    expect(await refused('--scope', 'layer1')).toMatch(
      /^error: --scope: expected .* mermaid, dot, svg, found tree\.\n$/,
    )
    expect(await refused('--theme', 'dark', '--format', 'dot')).toMatch(
      /^error: --theme: expected .* svg, found dot\.\n$/,
    )
    expect(await refused('--scope', 'layer9', '--format', 'svg')).toMatch(/^error: scope of 'resnet18': .*layer1\.0, /)
    expect(await refused('--json', '--format', 'svg')).toMatch(/cannot be used with option/)
  })

  it('suggests names for one that is unknown', async () => {
    const { code, stderr } = await resnet('summary', 'ResNet-50')
    expect(stderr).toMatch(/^error: model 'ResNet-50': .*nearest names are resnet50, .*\.\n$/)
    expect(code).toBe(1)
  })
})
