import { expect, test } from 'vitest'
import { parseOptions } from './options.js'

test('without options, the three networks race on one thread and on all', () => {
  const options = parseOptions([])
  expect(options).toMatchObject({
    task: 'races',
    models: ['resnet18', 'resnet50', 'resnext50_32x4d'],
    batches: [1],
    us: 'wasm',
    runtimes: ['node'],
    rounds: 30,
    section: 'races',
  })
  expect(options?.threads[0]).toBe(1)
  expect(options?.peers).toBeUndefined()
})

test('options are read', () => {
  const words =
    'kernels --model resnet18 --model resnet34 --batch 1,8,8 --threads 2 --peer litert --size 64 --memory low'
  expect(parseOptions(words.split(' '))).toMatchObject({
    task: 'kernels',
    models: ['resnet18', 'resnet34'],
    batches: [1, 8],
    threads: [2],
    peers: ['litert'],
    size: 64,
    memory: 'low',
    section: 'kernels',
  })
})

test('WebGPU is counted', () => {
  expect(parseOptions(['webgpu', '--count'])).toMatchObject({ task: 'webgpu', section: 'webgpu' })
})

test('help is nothing to do', () => {
  expect(parseOptions(['--help'])).toBeUndefined()
})

test.each([
  [['--peer', 'torch'], '--peer: expected one of onnxruntime-web'],
  [['--runtime', 'deno'], '--runtime: expected one of node, chromium'],
  [['--us', 'torch'], '--us: expected one of wasm'],
  [['--rounds', '0'], '--rounds: expected a whole number from 1'],
  [['--batch', '1,x'], '--batch: expected a whole number from 1'],
  [['--threads', ''], '--threads: expected a whole number from 1'],
  [['--model', 'resnet19'], "model 'resnet19': expected a name of the zoo"],
  [['kernel'], "'kernel': expected an option"],
  [['webgpu'], 'webgpu: expected --count'],
  [['--count'], "--count: expected the word 'webgpu' before it"],
  [['--fast'], "Unknown option '--fast'"],
])('%s is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message)
})
