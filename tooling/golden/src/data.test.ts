import { describe, expect, it } from 'vitest'
import {
  cifarPredictions,
  goldenModel,
  goldenModelNames,
  goldenOptions,
  imagenetCategories,
  timmPretrained,
  torchvisionWeights,
} from './index.js'

const families = ['timm', 'timm-v2', 'cifar'] as const

/** A model of any family. */
function modelOf(family: (typeof families)[number], name: string) {
  return family === 'cifar' ? goldenModel(name, family) : goldenModel(name, family)
}

function indexOfGreatest(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

describe('goldenModel', () => {
  it('has every model', () => {
    expect(families.map((family) => goldenModelNames(family).length)).toEqual([80, 10, 4])
    expect(goldenModelNames('cifar')).toEqual([
      'cifar_resnet110-A',
      'cifar_resnet20-A',
      'cifar_resnet20-B',
      'cifar_resnet20-C',
    ])
  })

  it.each(families.flatMap((family) => goldenModelNames(family).map((name) => [family, name] as const)))(
    '%s %s agrees with itself',
    (family, name) => {
      const model = modelOf(family, name)
      expect(model.name).toBe(name)
      expect(model.logits.length).toBe(family === 'cifar' ? 10 : 1000)
      expect(model.top1).toBe(indexOfGreatest(model.logits))
      expect(new Set(model.state.map(([key]) => key)).size).toBe(model.state.length)
      const sizes = model.state
        .filter(([key]) => !/\.running_(mean|var)$/.test(key))
        .map(([, shape]) => shape.reduce((product, size) => product * size, 1))
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(model.params)
    },
  )

  it('reads logits', () => {
    expect([...goldenModel('resnet18').logits.subarray(0, 2)]).toEqual([0.06913476437330246, -0.13863864541053772])
  })

  it('has the sizes that the paper gives of its CIFAR networks, 0.27 and 1.7 million', () => {
    expect(goldenModel('cifar_resnet20-A', 'cifar').params).toBe(269_722)
    expect(goldenModel('cifar_resnet110-A', 'cifar').params).toBe(1_727_962)
  })

  it('names what it does not have', () => {
    expect(() => goldenModel('resnet19')).toThrow('there are no golden numbers for a model of timm called resnet19')
  })
})

describe('tables', () => {
  it('has every way to make a model', () => {
    const options = goldenOptions()
    expect(options.length).toBe(22)
    expect(options.filter((option) => 'features' in option).length).toBe(3)
    for (const option of options) {
      const outputs = 'features' in option ? option.features : [option]
      for (const { shape, first } of outputs) {
        const size = shape.reduce((product, length) => product * length, 1)
        expect(first.length).toBe(Math.min(size, 'features' in option ? 8 : 16))
      }
    }
  })

  it('has the published checkpoints', () => {
    expect(timmPretrained().length).toBe(147)
    expect(new Set(timmPretrained().map(({ hf_hub_id }) => hf_hub_id)).size).toBe(147)
    expect(torchvisionWeights().length).toBe(17)
  })

  it('has the categories of ImageNet', () => {
    const categories = imagenetCategories()
    expect(categories.length).toBe(1000)
    expect([categories[0], categories[999]]).toEqual(['tench', 'toilet tissue'])
  })

  it('has the predictions for CIFAR-10, a thousand images a class, in the order of the classes', () => {
    const { predictions, correct, total, classes } = cifarPredictions()
    expect(predictions.length).toBe(total)
    const right = [...predictions].filter((digit, i) => Number(digit) === Math.floor(i / (total / classes.length)))
    expect(right.length).toBe(correct)
  })
})
