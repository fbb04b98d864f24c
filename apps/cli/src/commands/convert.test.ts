import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readOnnx } from '@resnet-ts/onnx'
import { readCheckpoint, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise } from '@resnet-ts/zoo'
import { beforeAll, expect, it } from 'vitest'
import { errorsIn, resnet, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()
const params = initialise(cifar_resnet20())

let folder: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFile(at('in.safetensors'), writeSafetensors(params, { metadata: { from: 'a test' } }))
})

async function expectSame(name: string): Promise<void> {
  const { tensors } = await readCheckpoint(at(name))
  expect(tensors.size).toBe(params.size)
  for (const [key, param] of params) expect(tensors.get(key)!.read()).toEqual(param.read())
}

it('tells what a file holds', async () => {
  const { code, stdout } = await resnet('inspect', at('in.safetensors'))
  expect(stdout).toMatch(/^format +safetensors\nnames +timm or torchvision\nmodel +cifar_resnet20 \(/)
  expect(stdout).toMatch(/^from +a test$/m)
  expect(stdout).toMatch(/^conv1\.weight +F32 +16 × 3 × 3 × 3 +432$/m)
  expect(code).toBe(0)
  const json = JSON.parse((await resnet('inspect', at('in.safetensors'), '--json')).stdout) as object
  expect(json).toMatchObject({
    format: 'safetensors',
    model: { name: 'cifar_resnet20', options: { numClasses: 10 } },
    total: { tensors: params.size },
    metadata: { from: 'a test' },
  })
})

it('brings a checkpoint through NumPy and ONNX and back, to the bit', async () => {
  const path = ['in.safetensors', 'a.npz', 'b.onnx', 'c.safetensors']
  for (const [index, to] of path.slice(1).entries()) {
    const { code, stdout, stderr } = await resnet('convert', at(path[index]!), at(to))
    expect(stderr).toMatch(/^wrote .* bytes\n$/)
    expect(stdout).toBe('')
    expect(code).toBe(0)
    await expectSame(to)
  }
})

it.each(['F16', 'BF16'])('stores %s', async (dtype) => {
  const { code } = await resnet('convert', at('in.safetensors'), at(`${dtype}.safetensors`), '--dtype', dtype)
  expect(code).toBe(0)
  const { tensors, metadata } = await readCheckpoint(at(`${dtype}.safetensors`))
  expect(tensors.get('conv1.weight')!.dtype).toBe(dtype)
  expect(metadata).toEqual({ from: 'a test' })
})

it('writes labels and preprocessing of the card into ONNX', async () => {
  const labels = Array.from({ length: 10 }, (_, index) => `class ${index}`)
  await writeFile(at('config.json'), JSON.stringify({ architecture: 'cifar_resnet20', label_names: labels }))
  const { code } = await resnet('convert', at('in.safetensors'), at('card.onnx'), '--config', at('config.json'))
  expect(code).toBe(0)
  const { metadata } = readOnnx(await readFile(at('card.onnx')))
  expect(JSON.parse(metadata.get('labels')!)).toEqual(labels)
  expect(JSON.parse(metadata.get('preprocess')!)).toMatchObject({ size: [32, 32] })
})

it.each([
  ['its own input', ['in.safetensors', 'in.safetensors'], 1],
  ['BF16 in NumPy', ['in.safetensors', 'bad.npz', '--dtype', 'BF16'], 1],
  ['another extension', ['in.safetensors', 'bad.h5'], 2],
])('refuses %s, and writes nothing', async (_, [from, to, ...rest], expected) => {
  const before = await readdir(folder)
  const { code, stderr } = await resnet('convert', at(from!), at(to!), ...rest)
  expect(errorsIn(stderr)).toHaveLength(1)
  expect(code).toBe(expected)
  expect(await readdir(folder)).toEqual(before)
})
