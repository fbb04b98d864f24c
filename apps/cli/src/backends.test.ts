import { describe, expect, it } from 'vitest'
import { example, resnet, resnetIn, temporaryFolders, withoutPackage } from './testing/run.js'

const temporaryFolder = temporaryFolders()

interface Document {
  readonly backend: { readonly backend: string; readonly device: string }
  readonly results: readonly { readonly predictions: readonly { label: string; probability: number }[] }[]
}

const rocket = (...args: readonly string[]) => resnet('classify', example('rocket.jpg'), ...args)

async function classified(...args: readonly string[]): Promise<Document> {
  const { code, stdout } = await rocket(...args, '--json')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Document
}

it('computes the same on every backend, and with our own engine unasked', async () => {
  const [usual, ...others] = await Promise.all(
    ['auto', 'wasm', 'tfjs', 'node'].map((backend) => classified('--backend', backend)),
  )
  expect([usual, ...others].map((document) => document!.backend.backend)).toEqual([
    ...['wasm', 'wasm', 'tfjs-wasm', 'onnxruntime-node'],
  ])
  for (const other of others) {
    for (const [index, { label, probability }] of usual!.results[0]!.predictions.entries()) {
      expect(other.results[0]!.predictions[index]).toMatchObject({
        label,
        probability: expect.closeTo(probability, 4) as number,
      })
    }
  }
})

describe('--threads', () => {
  it('says how many compute', async () => {
    const devices = await Promise.all(
      [[], ['--backend', 'wasm'], ['--backend', 'node']].map(async (backend) => {
        const { device } = (await classified('--threads', '1', ...backend)).backend
        return device.replace(/^.*, /, '')
      }),
    )
    expect(devices).toEqual(['1 thread', '1 thread', '1 thread'])
    expect((await classified('--threads', '3')).backend.device).toMatch(/, 3 threads$/)
  })

  it.each([
    ['tfjs', '2', '1 with --backend tfjs, found 2; wasm and node compute on several.'],
    ['wasm', '65', 'at most 64 with --backend wasm, found 65.'],
  ])('is refused where %s cannot have %s', async (backend, count, found) => {
    const { code, stderr, stdout } = await rocket('--backend', backend, '--threads', count)
    expect({ code, stderr, stdout }).toEqual({ code: 1, stderr: `error: --threads: expected ${found}\n`, stdout: '' })
  })
})

it.each([
  ['node', 'onnxruntime-node', 'found none; run: npm install onnxruntime-node.'],
  ...['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'].map((name) => {
    return ['tfjs', name, 'run: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm.']
  }),
])('--backend %s says what to install where there is no %s', async (backend, missing, advice) => {
  const variables = await withoutPackage(missing!, await temporaryFolder())
  const { code, stdout, stderr } = await resnetIn(variables, 'classify', example('rocket.jpg'), '--backend', backend!)
  expect(stderr).toMatch(/^error: backends: expected one that is available here, found \S+: expected the package/)
  expect(stderr.trimEnd().endsWith(advice!)).toBe(true)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})
