import { imagenetCategories, timmPretrained, torchvisionWeights } from '@resnet-ts/golden'
import { preprocessFromTimm } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { models } from '../catalog.js'
import { cifar10, cifar100, imagenet1k } from '../labels/index.js'
import { findCheckpoint, timmCheckpoints, torchvisionCheckpoints } from './index.js'

describe('the pretrained table', () => {
  test("has timm's 147 checkpoints, with their preprocessing, classes, licence and files", () => {
    const found = new Map(timmCheckpoints.map((entry) => [`${entry.architecture}.${entry.tag}`, entry]))
    expect(timmCheckpoints).toHaveLength(147)
    for (const expected of timmPretrained()) {
      const name = `${expected.architecture}.${expected.tag}`
      const entry = found.get(name)
      expect(entry, name).toBeDefined()
      expect(entry?.hub).toBe(expected.hf_hub_id)
      expect(entry?.url ?? '').toBe(expected.url ?? '')
      expect(entry?.numClasses).toBe(expected.num_classes)
      expect(entry?.license).toBe(expected.license)
      expect(entry?.preprocess, name).toEqual(preprocessFromTimm(expected))
      const test = {
        ...expected,
        input_size: expected.test_input_size ?? expected.input_size,
        crop_pct: expected.test_crop_pct ?? expected.crop_pct,
      }
      expect(entry?.testPreprocess ?? entry?.preprocess, name).toEqual(preprocessFromTimm(test))
    }
  })

  test("has torchvision's weights", () => {
    expect(torchvisionCheckpoints).toHaveLength(torchvisionWeights().length)
    for (const expected of torchvisionWeights()) {
      const entry = torchvisionCheckpoints.find(({ url }) => url === expected.url)
      expect(entry?.tag).toBe(expected.name)
      expect(entry?.accuracy?.top1).toBe(expected.metrics['ImageNet-1K']['acc@1'])
      expect(entry?.accuracy?.top5).toBe(expected.metrics['ImageNet-1K']['acc@5'])
      expect(224 / entry!.preprocess.cropFraction).toBeCloseTo(expected.resize_size, 9)
      expect(entry?.preprocess.interpolation).toBe(expected.interpolation)
    }
  })

  test('has the classes of ImageNet-1k, but for four of ImageNet-12k', () => {
    const others = timmCheckpoints.filter(({ numClasses }) => numClasses !== 1000)
    expect(others.map(({ architecture, tag, numClasses }) => [`${architecture}.${tag}`, numClasses])).toEqual([
      ['resnetaa50d.d_in12k', 11_821],
      ['resnetaa50d.sw_in12k', 11_821],
      ['resnetaa101d.sw_in12k', 11_821],
      ['seresnextaa101d_32x8d.sw_in12k', 11_821],
    ])
    expect(new Set(torchvisionCheckpoints.map(({ numClasses }) => numClasses))).toEqual(new Set([1000]))
  })

  test('names networks of the zoo alone', () => {
    for (const { architecture } of [...timmCheckpoints, ...torchvisionCheckpoints]) {
      expect(models.has(architecture), architecture).toBe(true)
    }
  })

  test('a name alone means its default tag', () => {
    expect(findCheckpoint('resnet50')?.hub).toBe('timm/resnet50.a1_in1k')
    expect(findCheckpoint('resnet50d')?.tag).toBe('ra2_in1k')
    expect(findCheckpoint('resnet50.IMAGENET1K_V2')?.accuracy?.top1).toBe(80.858)
    expect(findCheckpoint('resnet50.tv2_in1k')?.testPreprocess?.cropFraction).toBe(0.965)
    expect(findCheckpoint('resnet50.nothing')).toBeUndefined()
    expect(findCheckpoint('resnet200')).toBeUndefined()
  })
})

describe('labels', () => {
  test("ImageNet-1k is in torchvision's words and order", () => {
    expect(imagenet1k).toEqual(imagenetCategories())
  })

  test('CIFAR has 10 and 100, each once', () => {
    expect(new Set(cifar10).size).toBe(10)
    expect(new Set(cifar100).size).toBe(100)
    expect([cifar100[0], cifar100[41], cifar100[99]]).toEqual(['apple', 'lawn_mower', 'worm'])
  })
})
