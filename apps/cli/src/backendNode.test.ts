import { expect, it } from 'vitest'
import { example, resnet, resnetIn, temporaryFolders, withoutPackage } from './testing/run.js'

const temporaryFolder = temporaryFolders()

interface Document {
  readonly backend: { readonly backend: string }
  readonly results: readonly { readonly predictions: readonly { label: string; probability: number }[] }[]
}

it('computes on onnxruntime-node what it does on WebAssembly', async () => {
  const [native, wasm] = await Promise.all(
    ['node', 'wasm'].map(async (backend) => {
      const { code, stdout } = await resnet('classify', example('rocket.jpg'), '--backend', backend, '--json')
      expect(code).toBe(0)
      return JSON.parse(stdout) as Document
    }),
  )
  expect(native!.backend.backend).toBe('onnxruntime-node')
  for (const [index, { label, probability }] of wasm!.results[0]!.predictions.entries()) {
    expect(native!.results[0]!.predictions[index]).toMatchObject({
      label,
      probability: expect.closeTo(probability, 4) as number,
    })
  }
})

it('says what to install where there is no onnxruntime-node', async () => {
  const variables = await withoutPackage('onnxruntime-node', await temporaryFolder())
  const { code, stdout, stderr } = await resnetIn(variables, 'classify', example('rocket.jpg'), '--backend', 'node')
  expect(stderr).toMatch(/^error: .*found none; run: npm install onnxruntime-node\.$/m)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(1)
})
