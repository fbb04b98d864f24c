import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sizeOf } from '@resnet-ts/graph'
import { readOnnx } from '@resnet-ts/onnx'
import { readCheckpoint, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise, models } from '@resnet-ts/zoo'
import { beforeAll, describe, expect, it } from 'vitest'
import { useHub, weights } from '../testing/hub.js'
import { errorsIn, example, resnet, resnetIn, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()
const hub = useHub()
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
  expect(stdout).toMatch(/^conv1\.weight +F32 +16 × 3 × 3 × 3 +432 +1,728$/m)
  expect(stdout).toMatch(/^bytes +1,0\d\d,\d{3} \(1\.0\d MB\)$/m)
  expect(code).toBe(0)
  const json = JSON.parse((await resnet('inspect', at('in.safetensors'), '--json')).stdout) as object
  expect(json).toMatchObject({
    format: 'safetensors',
    model: { name: 'cifar_resnet20', options: { numClasses: 10 } },
    total: { tensors: params.size, bytes: 4 * [...params.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0) },
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

it('stores F16 in ONNX, rounded as in safetensors', async () => {
  expect((await resnet('convert', at('in.safetensors'), at('half.onnx'), '--dtype', 'F16')).code).toBe(0)
  expect((await resnet('convert', at('in.safetensors'), at('half.safetensors'), '--dtype', 'F16')).code).toBe(0)
  const [onnx, safetensors] = [await readCheckpoint(at('half.onnx')), await readCheckpoint(at('half.safetensors'))]
  for (const [key, tensor] of safetensors.tensors) {
    // Norms and biases take no room, and stay as they are.
    const isSmall = tensor.shape.length < 2
    const found = onnx.tensors.get(key)!
    expect(found).toMatchObject({ dtype: isSmall ? 'F32' : 'F16', shape: tensor.shape })
    expect(found.read()).toEqual(isSmall ? params.get(key)!.read() : tensor.read())
  }
  const { size } = await stat(at('half.onnx'))
  expect(size).toBeLessThan(0.6 * (await stat(at('in.safetensors'))).size)
})

it('writes the network that --model names, where the tensors are of several', async () => {
  const model = models.get('resnet18')!({ numClasses: 4 })
  await writeFile(at('resnet18.safetensors'), writeSafetensors(initialise(model)))
  const graphs = new Map<string, readonly string[]>()
  for (const args of [[], ['--model', 'resnetblur18']]) {
    const { code } = await resnet('convert', at('resnet18.safetensors'), at('resnet18.onnx'), '--dtype', 'F16', ...args)
    expect(code).toBe(0)
    const { graph } = readOnnx(await readFile(at('resnet18.onnx')))
    graphs.set(
      args[1] ?? '',
      graph.nodes.map(({ opType }) => opType),
    )
  }
  const [plain, blurred] = ['', 'resnetblur18'].map((name) => graphs.get(name)!.filter((op) => op === 'Conv').length)
  // The one of resnet18 has twenty convolutions, the other a filter besides before each stride.
  expect(plain).toBe(20)
  expect(blurred).toBeGreaterThan(plain!)
  const other = await resnet('convert', at('resnet18.safetensors'), at('bad.onnx'), '--model', 'resnet34')
  expect(errorsIn(other.stderr)).toEqual([expect.stringMatching(/^error: .*resnet34.*layer1\.2\.conv1\.weight/)])
  expect(other.code).toBe(1)
  expect(await readdir(folder)).not.toContain('bad.onnx')
})

describe('a checkpoint elsewhere', () => {
  it('of the hub is told of and converted by its name', async () => {
    const inspected = await resnetIn(hub.variables, 'inspect', 'hf:some/one', '--json')
    expect(JSON.parse(inspected.stdout)).toMatchObject({ file: 'hf:some/one', model: { name: 'cifar_resnet20' } })
    const { code } = await resnetIn(hub.variables, 'convert', 'hf:some/one', at('hub.npz'))
    expect(code).toBe(0)
    await expectSame('hub.npz')
    const missing = await resnetIn(hub.variables, 'inspect', 'hf:some/none')
    expect(errorsIn(missing.stderr)).toEqual([expect.stringMatching(/^error: 'some\/none'.*HF_TOKEN/)])
    expect(missing.code).toBe(1)
  })

  it('computes: as a model by its name, and as --weights of one', async () => {
    for (const args of [
      ['--model', 'hf:some/one'],
      ['--model', 'some/one'],
      ['--weights', 'hf:some/one'],
    ]) {
      const { code, stdout } = await resnetIn(hub.variables, 'classify', example('rocket.jpg'), '--json', ...args)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        model: 'cifar_resnet20',
        results: [{ predictions: expect.any(Array) }],
      })
    }
    expect(hub.server.seen.filter(({ on }) => on === 'host')).toHaveLength(1)
  })

  it('at a URL is downloaded once, without --model too', async () => {
    const url = `${hub.server.models}network.safetensors`
    hub.server.published['network.safetensors'] = weights
    for (const args of [
      ['inspect', url],
      ['classify', example('rocket.jpg'), '--weights', url],
      ['convert', url, at('url.onnx')],
      ['embed', example('rocket.jpg'), '--out', at('url.npy'), '--weights', url],
    ]) {
      hub.server.seen.length = 0
      const { code, stderr } = await resnetIn(hub.variables, ...args)
      expect(stderr).toContain("downloading 'network.safetensors', 1.09 MB\n")
      expect(code).toBe(0)
      expect(hub.server.seen.map(({ url: address }) => address)).toEqual(['/models/network.safetensors'])
    }
  })
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
