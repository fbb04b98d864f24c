import { goldenModel } from '@resnet-ts/golden'
import { models } from '@resnet-ts/zoo'
import { timmCheckpoints, torchvisionCheckpoints } from '@resnet-ts/zoo/pretrained'
import { describe, expect, it } from 'vitest'
import { resnet } from '../testing/run.js'
import type { ModelEntry } from './models.js'

describe('resnet models', () => {
  it('lists every model, with the figures of timm where it has them', async () => {
    const { code, stdout, stderr } = await resnet('models', '--json')
    const entries = JSON.parse(stdout) as ModelEntry[]
    expect(entries.map(({ name }) => name)).toEqual([...models.keys()])
    const resnet50 = goldenModel('resnet50')
    expect(entries.find(({ name }) => name === 'resnet50')).toEqual({
      name: 'resnet50',
      parameters: resnet50.params,
      macs: resnet50.macs224,
      inputSize: 224,
      pretrained: expect.arrayContaining(['a1_in1k', 'IMAGENET1K_V2']) as string[],
      embedded: [],
    })
    expect(entries.find(({ name }) => name === 'cifar_resnet20')).toMatchObject({
      inputSize: 32,
      pretrained: ['cifar10'],
      embedded: ['cifar10'],
    })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('names every published checkpoint, those of timm first', async () => {
    const { stdout } = await resnet('models', '--json')
    const entries = JSON.parse(stdout) as ModelEntry[]
    const published = entries.flatMap(({ name, pretrained, embedded }) =>
      pretrained.filter((tag) => !embedded.includes(tag)).map((tag) => `${name}.${tag}`),
    )
    const known = [...timmCheckpoints, ...torchvisionCheckpoints].map(
      ({ architecture, tag }) => `${architecture}.${tag}`,
    )
    expect(published.sort()).toEqual(known.sort())
    const { pretrained } = entries.find(({ name }) => name === 'wide_resnet50_2')!
    expect(pretrained).toEqual(['racm_in1k', 'tv2_in1k', 'tv_in1k', 'IMAGENET1K_V1', 'IMAGENET1K_V2'])
  })

  it('prints a table of aligned columns, in which many tags take several lines', async () => {
    const { code, stdout } = await resnet('models', '*resnet*0_2')
    expect(stdout).toBe(
      [
        'name             parameters    MACs      input  pretrained',
        'wide_resnet50_2      68.9 M  11.4 G  224 × 224  racm_in1k, tv2_in1k, tv_in1k, IMAGENET1K_V1,',
        '                                                IMAGENET1K_V2',
        '',
      ].join('\n'),
    )
    expect(code).toBe(0)
    expect((await resnet('models', 'cifar_resnet20')).stdout).toMatch(/ 32 × 32 {2}cifar10 \(embedded\)\n$/)
    const lines = (await resnet('models')).stdout.split('\n')
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  it.each([
    ['RESNEXT101_', /^resnext101_|seresnext101_/],
    ['resnet1*', /^resnet1/],
    ['*_2', /^wide_resnet\d+_2$/],
    ['.cifar10', /^cifar_resnet20$/],
    ['*.gluon_in1k', /resnet|resnext|senet/],
  ])('filters by %s', async (filter, fitting) => {
    const { code, stdout } = await resnet('models', filter, '--json')
    const names = (JSON.parse(stdout) as ModelEntry[]).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(0)
    if (filter === '*.gluon_in1k') {
      const gluon = timmCheckpoints.filter(({ tag }) => tag === 'gluon_in1k')
      expect(new Set(names)).toEqual(new Set(gluon.map(({ architecture }) => architecture)))
    } else expect(names).toEqual([...models.keys()].filter((name) => fitting.test(name)))
    expect(code).toBe(0)
  })

  it.each(['resnet_51', 'rsnet*', '***resnet18***x', '[', ''.padStart(5000, 'x')])(
    'fails with the nearest names when nothing is found',
    async (filter) => {
      const { code, stdout, stderr } = await resnet('models', filter)
      expect(stderr).toMatch(/^error: filter .*; the nearest names are \w+, \w+, \w+\.\n$/)
      expect(stdout).toBe('')
      expect(code).toBe(1)
    },
  )
})
