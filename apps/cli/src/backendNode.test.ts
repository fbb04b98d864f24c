import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { example, resnet, resnetIn, temporaryFolders } from './testing/run.js'

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
  const folder = await temporaryFolder()
  // As Node would, were it not there.
  const hooks = `export async function resolve(specifier, context, next) {
    if (specifier !== 'onnxruntime-node') return next(specifier, context)
    throw Object.assign(new Error('not there'), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  const script = join(folder, 'absent.mjs')
  const address = `data:text/javascript,${encodeURIComponent(hooks)}`
  await writeFile(script, `import { register } from 'node:module'\nregister(${JSON.stringify(address)})`)
  const variables = { NODE_OPTIONS: `--import ${pathToFileURL(script).href}` }
  const { code, stdout, stderr } = await resnetIn(variables, 'classify', example('rocket.jpg'), '--backend', 'node')
  expect(stderr).toMatch(/^error: .*found none; run: npm install onnxruntime-node\.$/m)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(1)
})
