import { goldenModel } from '@resnet-ts/golden'
import { models } from '@resnet-ts/zoo'
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
      pretrained: [],
    })
    expect(entries.find(({ name }) => name === 'cifar_resnet20')).toMatchObject({
      inputSize: 32,
      pretrained: ['cifar10'],
    })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('prints a table of aligned columns', async () => {
    const { code, stdout } = await resnet('models', 'resnet50')
    expect(stdout).toBe(
      [
        'name             parameters    MACs      input  pretrained',
        'resnet50             25.6 M  4.09 G  224 × 224',
        'wide_resnet50_2      68.9 M  11.4 G  224 × 224',
        '',
      ].join('\n'),
    )
    expect(code).toBe(0)
  })

  it.each([
    ['RESNEXT101', ['resnext101_32x8d', 'resnext101_64x4d']],
    ['resnet1*', ['resnet18', 'resnet101', 'resnet152']],
    ['*_2', ['wide_resnet50_2', 'wide_resnet101_2']],
    ['.cifar10', ['cifar_resnet20']],
  ])('filters by %s', async (filter, names) => {
    const { code, stdout } = await resnet('models', filter, '--json')
    expect((JSON.parse(stdout) as ModelEntry[]).map(({ name }) => name)).toEqual(names)
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
