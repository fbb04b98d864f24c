import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '@resnet-ts/weights'
import { findModel, initialise } from '@resnet-ts/zoo'
import { expect, it } from 'vitest'
import { errorsIn, imported, resnet, resnetIn, temporaryFolders, withoutPackage } from '../testing/run.js'

const temporaryFolder = temporaryFolders()

interface Entry {
  readonly backend: string
  readonly threads: number
  readonly batch: number
  readonly rounds: number
  readonly latency: { readonly median: number; readonly lower: number; readonly upper: number }
  readonly imagesPerSecond: number
  readonly load: number
  readonly first: number
  readonly memory: number
  readonly error?: string
}

interface Document {
  readonly model: string
  readonly input: readonly number[]
  readonly weights: string | null
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string }
  readonly results: readonly Entry[]
}

async function measured(...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await resnet('bench', 'cifar_resnet20', '--rounds', '3', ...args, '--json')
  expect(errorsIn(stderr)).toEqual([])
  expect(code).toBe(0)
  return JSON.parse(stdout) as Document
}

it('measures each backend that there is, on one thread and on all', async () => {
  const { model, input, weights, machine, results } = await measured()
  expect({ model, input, weights }).toEqual({ model: 'cifar_resnet20', input: [32, 32], weights: null })
  expect(machine).toEqual({ cpu: expect.any(String), cores: availableParallelism(), node: process.versions.node })
  const counts = [...new Set([1, availableParallelism()])]
  expect(results.map(({ backend, threads }) => [backend, threads])).toEqual([
    ...counts.map((count) => ['wasm', count]),
    ['tfjs-wasm', 1],
    ...counts.map((count) => ['onnxruntime-node', count]),
  ])
  for (const { batch, rounds, latency, imagesPerSecond, load, first, memory } of results) {
    expect({ batch, rounds }).toEqual({ batch: 1, rounds: 3 })
    expect(latency.lower).toBeGreaterThan(0)
    expect(latency.median).toBeGreaterThanOrEqual(latency.lower)
    expect(latency.upper).toBeGreaterThanOrEqual(latency.median)
    expect(imagesPerSecond).toBeCloseTo(1000 / latency.median, 2)
    expect(load).toBeGreaterThan(0)
    expect(first).toBeGreaterThan(0)
    // A process of Node is larger than 20 MB, and this network adds 1 MB of weights.
    expect(memory).toBeGreaterThan(20e6)
    expect(memory).toBeLessThan(2e9)
  }
})

it('measures what is asked for: batches, sizes, threads, backends', async () => {
  const { input, results } = await measured(
    ...['--backend', 'node', '--threads', '1', '--batch', '1,4', '--input-size', '16'],
  )
  expect(input).toEqual([16, 16])
  expect(results.map(({ backend, threads, batch }) => [backend, threads, batch])).toEqual([
    ['onnxruntime-node', 1, 1],
    ['onnxruntime-node', 1, 4],
  ])
  for (const { batch, latency, imagesPerSecond } of results) {
    expect(imagesPerSecond).toBeCloseTo((1000 * batch) / latency.median, 2)
  }
})

it('takes weights from a file', async () => {
  const file = join(await temporaryFolder(), 'weights.safetensors')
  await writeFile(file, writeSafetensors(initialise(findModel('cifar_resnet20')())))
  const { weights, results } = await measured('--backend', 'node', '--threads', '1', '--weights', file)
  expect(weights).toBe(file)
  expect(results).toHaveLength(1)
})

it('prints a table', async () => {
  const args = ['bench', 'cifar_resnet20', '--rounds', '2', '--backend', 'node', '--threads', '1']
  const { code, stdout, stderr } = await resnet(...args)
  expect(code).toBe(0)
  const [heading, row, ...rest] = stdout.trimEnd().split('\n')
  expect(heading).toMatch(/^backend +threads +batch +latency +quartiles +images\/s +load +first run +memory$/)
  expect(row).toMatch(/^onnxruntime-node +1 +1 +\d+\.\d+ ms .* \d+ MB$/)
  expect(rest).toEqual([])
  expect(stderr).toMatch(/^cifar_resnet20, 32 × 32, drawn weights; .*, \d+ cores?, Node /)
})

it('tells what is wrong with the network once, and measures nothing', async () => {
  const { code, stdout, stderr } = await resnet('bench', 'resnet19')
  expect(errorsIn(stderr)).toEqual([expect.stringContaining('the nearest names are resnet18')])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

it('tells what is wrong with the weights once', async () => {
  const { code, stdout, stderr } = await resnet('bench', 'resnet18', '--weights', '/nowhere/weights.safetensors')
  expect(errorsIn(stderr)).toHaveLength(1)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

it('a measurement that fails has an entry, and makes the exit code 1', async () => {
  // Only the processes of measurements are talked to.
  const variables = await imported(await temporaryFolder(), 'if (process.send) process.exit(7)')
  const args = ['--backend', 'reference', '--json']
  const { code, stdout, stderr } = await resnetIn(variables, 'bench', 'cifar_resnet20', ...args)
  const reason = "backend 'reference': expected to be measured, found a process that ended with the exit code 7."
  expect(errorsIn(stderr)).toEqual([`error: ${reason}`])
  expect((JSON.parse(stdout) as Document).results).toEqual([
    { backend: 'reference', threads: 1, batch: 1, rounds: 30, error: reason },
  ])
  expect(code).toBe(1)
})

it.each([
  [['--backend', 'torch'], 'torch'],
  [['--threads', '0'], 'whole number from 1 to 256'],
  [['--batch', '1,x'], 'whole number from 1 to 1024'],
])('%s is misuse', async (args, message) => {
  const { code, stderr } = await resnet('bench', 'resnet18', ...args)
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})

it('leaves out a backend that is not installed, unless it is asked for', async () => {
  const variables = await withoutPackage('onnxruntime-node', await temporaryFolder())
  const args = ['bench', 'cifar_resnet20', '--rounds', '1', '--json']
  const usual = await resnetIn(variables, ...args)
  expect(usual.code).toBe(0)
  expect(usual.stderr).toContain('left out onnxruntime-node: expected')
  expect((JSON.parse(usual.stdout) as Document).results.map(({ backend }) => backend)).not.toContain('onnxruntime-node')
  const asked = await resnetIn(variables, ...args, '--backend', 'node')
  expect(errorsIn(asked.stderr)).toEqual([expect.stringContaining('run: npm install onnxruntime-node')])
  expect(asked.code).toBe(1)
})
