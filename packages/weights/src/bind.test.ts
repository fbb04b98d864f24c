import { GraphBuilder, OptionError, parameter, parameters, ResnetError } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { bind } from './bind.js'
import type { Checkpoint } from './checkpoint.js'
import { BindingError, CheckpointError } from './errors.js'
import { parseSafetensors } from './formats/safetensors.js'
import { writeSafetensors } from './formats/writeSafetensors.js'

/** So many stages of a convolution and a norm, and a classifier. */
function network({ stages = 2, channels = 4, classes = 10, name = 'tiny' } = {}) {
  const g = new GraphBuilder(name)
  let x = g.input('image', { channels: 3 })
  for (let stage = 1; stage <= stages; stage++) {
    x = g.scope(`layer${stage}`, 'stage', () => {
      const y = g.conv2d(x, { name: 'conv', channels, kernel: 3, padding: 1 })
      return g.relu(g.batchNorm(y, { name: 'bn' }))
    })
  }
  g.output('logits', g.linear(g.globalPool(x), { name: 'fc', channels: classes }))
  return g.build()
}

/** A checkpoint whose every tensor holds its own place in the file. */
function checkpointOf(
  graph: ReturnType<typeof network>,
  rename = (key: string): string => key,
  dtype: 'F32' | 'F16' = 'F32',
): Checkpoint {
  const params = parameters(graph).map(({ key, shape }, index) => {
    const size = shape.reduce((product, side) => product * side, 1)
    return [rename(key), parameter(shape, new Float32Array(size).fill(index))] as const
  })
  return parseSafetensors(writeSafetensors(new Map(params), { dtype }))
}

function withTensors(checkpoint: Checkpoint, ...more: readonly [string, string, readonly number[]][]): Checkpoint {
  const tensors = new Map(checkpoint.tensors)
  for (const [name, dtype, shape] of more) {
    const read = () => {
      throw new Error(`${name} was read`)
    }
    tensors.set(name, { dtype, shape, read })
  }
  return { ...checkpoint, tensors }
}

function refusal(run: () => unknown): BindingError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(BindingError)
    expect(error).toBeInstanceOf(ResnetError)
    return error as BindingError
  }
  throw new Error('nothing was thrown')
}

describe('strict', () => {
  test('gives every parameter, in the graph’s order, decoded when it is read', () => {
    const graph = network()
    for (const dtype of ['F32', 'F16'] as const) {
      const { params, missing, unexpected, misshapen } = bind(graph, checkpointOf(graph, undefined, dtype))
      expect([...params.keys()]).toEqual(parameters(graph).map(({ key }) => key))
      expect([...params.values()].map((param) => param.read()[0])).toEqual(parameters(graph).map((_, index) => index))
      expect({ missing, unexpected, misshapen }).toEqual({ missing: [], unexpected: [], misshapen: [] })
    }
  })

  test('ignores num_batches_tracked, whatever it is', () => {
    const graph = network()
    const more = withTensors(checkpointOf(graph), ['layer1.bn.num_batches_tracked', 'I64', []])
    expect(bind(graph, more).unexpected).toEqual([])
  })

  test('reads nothing', () => {
    const graph = network()
    const unread = withTensors(checkpointOf(graph), ['fc.bias', 'F32', [10]])
    expect(bind(graph, unread).params.size).toBe(parameters(graph).length)
  })

  test('reports everything that does not fit at once', () => {
    const graph = network({ stages: 3 })
    const tensors = new Map(
      withTensors(checkpointOf(graph), ['fc.weight', 'F32', [5, 4]], ['fc.extra', 'F32', []]).tensors,
    )
    tensors.delete('layer2.bn.weight')
    const error = refusal(() => bind(graph, { format: 'safetensors', metadata: {}, tensors }))
    expect(error.missing).toEqual(['layer2.bn.weight'])
    expect(error.unexpected).toEqual(['fc.extra'])
    expect(error.misshapen).toEqual([{ key: 'fc.weight', expected: [10, 4], found: [5, 4] }])
    expect(error.message).toBe(
      "weights for 'tiny': expected its 17 parameters, found 1 missing ('layer2.bn.weight'), 1 unexpected ('fc.extra'), " +
        "1 misshapen ('fc.weight' [5, 4] instead of [10, 4]); pass strict: false to take the 15 that fit.",
    )
  })

  test.each(['', 'module.'])('lets what was left out of the graph be there, after the prefix %j', (prefix) => {
    const whole = checkpointOf(network(), (key) => prefix + key)
    const g = new GraphBuilder('features')
    const x = g.input('image', { channels: 3 })
    const features = g.scope('layer1', 'stage', () => {
      const y = g.conv2d(x, { name: 'conv', channels: 4, kernel: 3, padding: 1 })
      return g.batchNorm(y, { name: 'bn' })
    })
    g.output('features', features)
    const graph = g.build()
    const rest = parameters(network()).map(({ key }) => key)
    expect(bind(graph, whole, { leftOut: rest })).toMatchObject({ missing: [], unexpected: [], misshapen: [] })
    const error = refusal(() => bind(graph, whole, { leftOut: rest.filter((key) => key !== 'fc.bias') }))
    expect(error.unexpected).toEqual([`${prefix}fc.bias`])
  })

  test('says whose weights they are not', () => {
    const deep = network({ stages: 5 })
    const shallow = checkpointOf(network({ stages: 2 }))
    expect(refusal(() => bind(deep, shallow)).message).toBe(
      "weights for 'tiny': expected its 27 parameters, found 15 missing ('layer3.conv.weight', 'layer3.bn.weight', " +
        "'layer3.bn.bias' and 12 more); these are the weights of another model, or of this one built with other options.",
    )
    expect(refusal(() => bind(network({ stages: 2 }), checkpointOf(deep))).message).toMatch(
      /weights of another model, or of this one built with other options\.$/,
    )
    expect(refusal(() => bind(deep, checkpointOf(network({ stages: 5, channels: 8 })))).message).toMatch(
      /weights of another model, or of this one built with other options\.$/,
    )
    expect(refusal(() => bind(deep, { ...shallow, tensors: new Map() })).message).toMatch(
      /27 missing .* another model, .*\.$/,
    )
  })

  test('does not take a classifier for other classes for another model', () => {
    const error = refusal(() => bind(network({ classes: 10 }), checkpointOf(network({ classes: 1000 }))))
    expect(error.misshapen.map(({ key }) => key)).toEqual(['fc.weight', 'fc.bias'])
    expect(error.message).toMatch(/pass strict: false to take the 10 that fit\.$/)
  })

  test.each(['module.', '_orig_mod.', 'model.', 'module._orig_mod.'])('takes the prefix %s off', (prefix) => {
    const graph = network()
    const wrapped = checkpointOf(graph, (key) => `${prefix}${key}`)
    const more = withTensors(wrapped, ['criterion.weight', 'F32', [3]])
    const { params, unexpected } = bind(graph, more)
    expect([...params.keys()]).toEqual(parameters(graph).map(({ key }) => key))
    expect(unexpected).toEqual([])
  })

  test('keeps its message short however much is wrong, and its lists whole', () => {
    const graph = network()
    const many = Array.from({ length: 5000 }, (_, index) => [`x${index}${'y'.repeat(200)}`, 'F32', []] as const)
    const error = refusal(() => bind(graph, withTensors(checkpointOf(graph), ...many.map(([...tensor]) => tensor))))
    expect(error.unexpected).toHaveLength(5000)
    expect(error.message.length).toBeLessThan(700)
  })
})

describe('non-strict', () => {
  test('gives what fits and lists the rest', () => {
    const graph = network({ stages: 1 })
    const other = withTensors(checkpointOf(network({ stages: 2, classes: 7 })), ['head', 'F32', [3]])
    const binding = bind(graph, other, { strict: false })
    expect([...binding.params.keys()]).toEqual(
      parameters(graph)
        .slice(0, 5)
        .map(({ key }) => key),
    )
    expect(binding.missing).toEqual([])
    expect(binding.misshapen).toEqual([
      { key: 'fc.weight', expected: [10, 4], found: [7, 4] },
      { key: 'fc.bias', expected: [10], found: [7] },
    ])
    expect(binding.unexpected).toEqual([...other.tensors.keys()].filter((key) => /^layer2|^head/.test(key)))
  })
})

describe('both', () => {
  const graph = network()

  test.each([true, false])('refuse a needed tensor of a type that cannot be read (strict: %s)', (strict) => {
    const integers = withTensors(checkpointOf(graph), ['fc.bias', 'I64', [10]])
    const run = () => bind(graph, integers, { strict })
    expect(run).toThrow(CheckpointError)
    expect(run).toThrow("tensor 'fc.bias': expected elements of type F64, F32, F16 or BF16, found I64;")
  })

  test.each([true, false])('rename keys and leave out what has none (strict: %s)', (strict) => {
    const foreign = withTensors(
      checkpointOf(graph, (key) => key.replace('fc', 'linear')),
      ['ema.step', 'I64', []],
    )
    const mapping = (key: string) => (key.startsWith('ema') ? undefined : key.replace('linear', 'fc'))
    const { params, unexpected } = bind(graph, foreign, { strict, mapping })
    expect(params.get('fc.bias')?.read()).toEqual(new Float32Array(10).fill(11))
    expect(unexpected).toEqual([])
  })

  test.each([true, false])('refuse a mapping of two tensors to one key (strict: %s)', (strict) => {
    const run = () => bind(graph, checkpointOf(graph), { strict, mapping: () => 'fc.bias' })
    expect(run).toThrow(OptionError)
    expect(run).toThrow("expected one tensor for 'fc.bias', found 'layer1.conv.weight' and 'layer1.bn.weight'.")
  })

  test('bind, at worst, a checkpoint of names that objects have', () => {
    const odd = withTensors(checkpointOf(graph), ['__proto__', 'F32', []], ['constructor', 'F32', []])
    expect(bind(graph, odd, { strict: false }).unexpected).toEqual(['__proto__', 'constructor'])
  })
})
