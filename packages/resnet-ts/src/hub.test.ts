import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reference } from '@resnet-ts/backend-reference'
import { imagenetPreprocess, OptionError, type Params } from '@resnet-ts/graph'
import { HubError, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise, models, UnknownModelError } from '@resnet-ts/zoo'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { download, load, MissingWeightsError } from './index.js'

const tiny = models.get('test_resnet')!
const commit = 'd'.repeat(40)
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

let cacheDir: string
let asked: string[]
let repositories: Record<string, Record<string, Uint8Array>>
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'resnet-ts-load-'))
  asked = []
  repositories = {}
})
afterEach(() => rm(cacheDir, { recursive: true }))

/** A hub that serves all files itself. */
const fetch = (async (address: string, { method = 'GET' } = {}) => {
  asked.push(`${method} ${new URL(address).pathname}`)
  const [, repo, path] = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.*)$/.exec(new URL(address).pathname) ?? []
  const bytes = repositories[repo ?? '']?.[path ?? '']
  const headers = { 'x-repo-commit': commit }
  if (!bytes) return new Response('', { status: 404, headers: { ...headers, 'x-error-code': 'EntryNotFound' } })
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`
  const body = method === 'HEAD' ? null : Buffer.from(bytes)
  return new Response(body, { headers: { ...headers, etag, 'content-length': String(bytes.length) } })
}) as typeof globalThis.fetch
const options = () => ({ cacheDir, torchHome: join(cacheDir, 'torch'), fetch, backends: [reference()] })

function weightsOf(params: Params): Uint8Array {
  return writeSafetensors(params)
}

describe('a name without embedded weights', () => {
  const weights = weightsOf(initialise(tiny()))

  test.each(['test_resnet', 'test_resnet.r160_in1k', 'timm/test_resnet.r160_in1k', 'hf:timm/test_resnet.r160_in1k'])(
    '%s is that of the hub, with the preprocessing of the table, once',
    async (name) => {
      repositories['timm/test_resnet.r160_in1k'] = { 'model.safetensors': weights }
      const files = new Set<string>()
      const model = await load(name, { ...options(), onProgress: ({ file }) => files.add(file) })
      expect(model).toMatchObject({ name: 'test_resnet', preprocess: { size: [160, 160], mean: [0.5, 0.5, 0.5] } })
      expect(model.labels).toHaveLength(1000)
      expect([...files]).toEqual(['model.safetensors'])
      asked.length = 0
      await load(name, options())
      expect(asked).toEqual(['HEAD /timm/test_resnet.r160_in1k/resolve/main/model.safetensors'])
    },
  )

  test('follows the card of the hub before the table', async () => {
    const config = { architecture: 'test_resnet', num_classes: 3, label_names: ['a', 'b', 'c'], pretrained_cfg: {} }
    const files = { 'model.safetensors': weightsOf(initialise(tiny({ numClasses: 3 }))), 'config.json': json(config) }
    repositories['timm/test_resnet.r160_in1k'] = files
    const model = await load(tiny, options())
    expect(model).toMatchObject({ labels: ['a', 'b', 'c'], preprocess: { size: [224, 224] } })
  })

  test('resnet50 is timm’s default of it', async () => {
    await expect(load('resnet50', options())).rejects.toThrow(HubError)
    expect(asked[0]).toBe('HEAD /timm/resnet50.a1_in1k/resolve/main/model.safetensors')
  })

  test('takes what fits, when it need not be strict', async () => {
    repositories['timm/test_resnet.r160_in1k'] = { 'model.safetensors': weights }
    const changes = { options: { numClasses: 5 }, strict: false, labels: ['a', 'b', 'c', 'd', 'e'] }
    expect((await load('test_resnet', { ...options(), ...changes })).labels).toHaveLength(5)
  })
})

describe('a repository of the hub', () => {
  const labels = { 0: 'left', 1: 'middle', 2: 'right' }
  const transformers = { model_type: 'resnet', architectures: ['ResNetForImageClassification'], id2label: labels }
  const preprocessor = { crop_pct: 0.875, resample: 3, size: { shortest_edge: 224 }, do_normalize: true }

  test('of transformers is told by its keys and shapes; its own labels and preprocessing are taken', async () => {
    repositories['some/one'] = {
      'model.safetensors': weightsOf(initialise(cifar_resnet20({ numClasses: 3, shortcut: 'B' }))),
      'config.json': json(transformers),
      'preprocessor_config.json': json(preprocessor),
    }
    const model = await load('some/one@main', options())
    expect(model).toMatchObject({ name: 'cifar_resnet20', labels: ['left', 'middle', 'right'] })
    expect(model.preprocess).toEqual({ ...imagenetPreprocess, interpolation: 'bicubic' })
  })

  test.each([
    [
      { ...preprocessor, size: 384 },
      { size: [384, 384], cropFraction: 1 },
    ],
    [
      { size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, do_center_crop: true },
      imagenetPreprocess,
    ],
    [
      { ...preprocessor, do_normalize: false },
      { mean: [0, 0, 0], std: [1, 1, 1] },
    ],
  ])('with the preprocessor %j', async (fields, expected) => {
    const weights = weightsOf(initialise(cifar_resnet20({ numClasses: 3 })))
    const files = { 'model.safetensors': weights, 'config.json': json(transformers) }
    repositories['some/one'] = { ...files, 'preprocessor_config.json': json(fields) }
    expect((await load('some/one', options())).preprocess).toMatchObject(expected)
  })

  test.each([
    { preprocessor: { ...preprocessor, resample: 1 } },
    { preprocessor: { ...preprocessor, rescale_factor: 1 } },
    { preprocessor: { size: { height: 224, width: 224 } } },
    { preprocessor: { ...preprocessor, size: 'large' } },
    { preprocessor: { ...preprocessor, image_mean: [1] } },
    { preprocessor: [] },
    { config: { ...transformers, id2label: { 1: 'one' } } },
    { config: { ...transformers, id2label: [1] } },
    { config: { ...transformers, downsample_in_bottleneck: true } },
  ])('that cannot be followed is refused: %j', async (changes) => {
    const files = { config: transformers, preprocessor, ...changes }
    repositories['some/one'] = {
      'model.safetensors': weightsOf(initialise(cifar_resnet20({ numClasses: 3 }))),
      'config.json': json(files.config),
      'preprocessor_config.json': json(files.preprocessor),
    }
    await expect(load('some/one', options())).rejects.toThrow(OptionError)
  })

  test('of another network is refused, before its weights are fetched where its card tells', async () => {
    const other = writeSafetensors(new Map([['a', { shape: [1], read: () => new Float32Array(1) }]]))
    repositories['some/one'] = { 'model.safetensors': other }
    await expect(load('hf:some/one', options())).rejects.toThrow('expected the keys and shapes of a network of the zoo')
    repositories['some/other'] = { 'model.safetensors': other, 'config.json': json({ architecture: 'vit_base' }) }
    await expect(load('some/other', options())).rejects.toThrow(UnknownModelError)
    expect(asked.filter((line) => line.startsWith('GET /some/other'))).toEqual([
      `GET /some/other/resolve/${commit}/config.json`,
    ])
  })

  test('with weights of another place is refused', async () => {
    await expect(load('some/one', { ...options(), weights: new Map() })).rejects.toThrow('name the architecture')
  })
})

describe('weights of torchvision', () => {
  const name = 'resnet18.IMAGENET1K_V1'
  const file = 'resnet18-f37072fd.pth'

  test('are taken from where torch.hub keeps them, offline too, with their preprocessing', async () => {
    const folder = join(cacheDir, 'torch', 'hub', 'checkpoints')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, file), weightsOf(initialise(models.get('resnet18')!())))
    await offline(async () => {
      const model = await load(name, options())
      expect(model).toMatchObject({ name: 'resnet18', preprocess: imagenetPreprocess })
      expect(model.labels).toHaveLength(1000)
      expect(await download(name, options())).toMatchObject([{ path: file, location: join(folder, file) }])
    })
    expect(asked).toEqual([])
  })

  test('that are not there are missing offline, and else compared with the digest in their name', async () => {
    await offline(() => expect(load(name, options())).rejects.toThrow(MissingWeightsError))
    const other = (async (address: string) => {
      asked.push(address)
      return new Response(Buffer.alloc(100))
    }) as typeof globalThis.fetch
    const fetching = download(name, { ...options(), fetch: other, retryDelay: 0 } as Parameters<typeof download>[1])
    await expect(fetching).rejects.toMatchObject({ name: 'HubError', kind: 'corrupt' })
    expect(new Set(asked)).toEqual(new Set([`https://download.pytorch.org/models/${file}`]))
  })
})

describe('download', () => {
  test('brings what load takes', async () => {
    repositories['timm/test_resnet.r160_in1k'] = { 'model.safetensors': weightsOf(initialise(tiny())) }
    const [file] = await download('test_resnet', options())
    expect(file).toMatchObject({ path: 'model.safetensors', location: expect.stringContaining(cacheDir) })
    await offline(async () => expect((await load('test_resnet', options())).name).toBe('test_resnet'))
  })

  test('has nothing to bring of embedded weights, and cannot bring what is not published', async () => {
    expect(await download('cifar_resnet20', options())).toEqual([])
    await expect(download('cifar_resnet56', options())).rejects.toThrow(MissingWeightsError)
    await expect(download('resnet1', options())).rejects.toThrow(UnknownModelError)
    await expect(download('resnet50.none', options())).rejects.toThrow(OptionError)
    expect(asked).toEqual([])
  })
})

test('offline, what was never fetched is missing', async () => {
  await offline(async () => {
    for (const name of ['resnet50', 'microsoft/resnet-50']) {
      await expect(load(name, options())).rejects.toThrow(MissingWeightsError)
    }
  })
  expect(asked).toEqual([])
})

async function offline<T>(work: () => Promise<T>): Promise<T> {
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  try {
    return await work()
  } finally {
    vi.unstubAllEnvs()
  }
}
