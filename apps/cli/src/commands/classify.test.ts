import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parameter } from '@resnet-ts/graph'
import { writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise, test_resnet } from '@resnet-ts/zoo'
import { embeddedWeights } from 'resnet-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { lyingPng, plainPng } from '../testing/png.js'
import { errorsIn, example, resnet, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()

interface Document {
  readonly model: string
  readonly results: readonly {
    readonly image: string
    readonly predictions: readonly { label: string; index: number; probability: number }[]
    readonly timings: Readonly<Record<string, number>> | null
    readonly error?: string
  }[]
}

let folder: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await temporaryFolder()
})

describe('photographs', () => {
  it('prints the likeliest class first', async () => {
    const { code, stdout } = await resnet('classify', example('chelsea.png'))
    expect(stdout).toMatch(/^cat +99\.99 %\n/)
    expect(stdout.trimEnd().split('\n')).toHaveLength(5)
    expect(code).toBe(0)
  })

  it('says what the card of the weights says, as one JSON document', async () => {
    const { config } = await embeddedWeights[0]!.load()
    const examples = (config as { examples: Record<string, [label: string, probability: number][]> }).examples
    const images = Object.keys(examples).map((name) => example(name as 'chelsea.png'))
    const { code, stdout, stderr } = await resnet('classify', ...images, '--json', '--top', '3')
    const { model, results } = JSON.parse(stdout) as Document
    expect(model).toBe('cifar_resnet20')
    expect(results.map(({ image }) => image)).toEqual(images)
    for (const [index, expected] of Object.values(examples).entries()) {
      const { predictions, timings } = results[index]!
      expect(predictions.map(({ label }) => label)).toEqual(expected.map(([label]) => label))
      for (const [rank, [, probability]] of expected.entries()) {
        expect(predictions[rank]!.probability).toBeCloseTo(probability, 3)
      }
      expect(predictions.map(({ label, index }) => config.label_names![index] === label)).not.toContain(false)
      expect(Object.keys(timings!)).toEqual(['decode', 'preprocess', 'inference'])
      for (const time of Object.values(timings!)) expect(time).toBeGreaterThan(0)
    }
    expect(errorsIn(stderr)).toEqual([])
    expect(code).toBe(0)
  })

  it('goes on after a broken one', async () => {
    await writeFile(at('broken.png'), 'no image')
    const { code, stdout, stderr } = await resnet('classify', at('broken.png'), example('chelsea.png'), '--top', '1')
    expect(stdout).toBe(`${example('chelsea.png')}\n  cat  99.99 %\n`)
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr).toContain(at('broken.png'))
    expect(code).toBe(1)
  })

  it('tells of a broken one in the JSON document, too', async () => {
    const { code, stdout, stderr } = await resnet('classify', at('missing.png'), example('chelsea.png'), '--json')
    const [missing, chelsea] = (JSON.parse(stdout) as Document).results
    expect(missing).toEqual({
      image: at('missing.png'),
      predictions: [],
      timings: null,
      error: `${at('missing.png')}: expected an image file, found nothing at that path.`,
    })
    expect(chelsea!.predictions).toHaveLength(5)
    expect(errorsIn(stderr)).toEqual([`error: ${missing!.error}`])
    expect(code).toBe(1)
  })

  it('can be a single pixel, or 30,000 of them in a row', async () => {
    await writeFile(at('pixel.png'), plainPng(1, 1, [200, 30, 40]))
    await writeFile(at('line.png'), plainPng(30000, 1, [20, 130, 240]))
    const { code, stdout } = await resnet('classify', at('pixel.png'), at('line.png'), '--json')
    for (const { predictions } of (JSON.parse(stdout) as Document).results) {
      expect(predictions).toHaveLength(5)
      expect(predictions[0]!.probability).toBeGreaterThan(0.1)
    }
    expect(code).toBe(0)
  })

  it('fails in one sentence for each that cannot be read', async () => {
    const whole = await readFile(example('chelsea.png'))
    await writeFile(at('empty.png'), '')
    await writeFile(at('cut.png'), whole.subarray(0, 50_000))
    await writeFile(at('huge.png'), lyingPng(20_000, 20_000))
    await writeFile(at('text.jpg'), 'Ceci n’est pas une image.')
    const names = ['empty.png', 'cut.png', 'huge.png', 'text.jpg', 'missing.jpg']
    const { code, stdout, stderr } = await resnet('classify', folder, ...names.map(at))
    const errors = errorsIn(stderr)
    expect(errors).toHaveLength(6)
    for (const [index, said] of [
      /found a folder/,
      /0 bytes/,
      /cut off after 50,000 bytes/,
      /268,000,000 pixels/,
      /unknown format/,
      /nothing at that path/,
    ].entries()) {
      expect(errors[index]).toMatch(said)
    }
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('the model', () => {
  const chelsea = example('chelsea.png')

  async function embeddedFiles() {
    const embedded = await embeddedWeights[0]!.load()
    await writeFile(at('own.safetensors'), await embedded.bytes())
    await writeFile(at('own.json'), JSON.stringify(embedded.config))
  }

  it('is what weights and their card say, on each backend', async () => {
    await embeddedFiles()
    const devices = {
      auto: /on WebAssembly( relaxed)? SIMD, \d+ threads?, loaded in/,
      wasm: /on WebAssembly( relaxed)? SIMD, \d+ threads?, loaded in/,
      tfjs: /on WebAssembly SIMD \(TensorFlow\.js\), 1 thread, loaded in/,
      reference: /on JavaScript/,
    }
    for (const [backend, device] of Object.entries(devices)) {
      const args = ['--weights', at('own.safetensors'), '--config', at('own.json'), '--backend', backend]
      const { code, stdout, stderr } = await resnet('classify', chelsea, '--top', '1', ...args)
      expect(stdout).toBe('cat  99.99 %\n')
      expect(stderr).toMatch(device)
      expect(code).toBe(0)
    }
  })

  it('can be named with a tag', async () => {
    const { code, stdout } = await resnet('classify', chelsea, '--model', 'cifar_resnet20.cifar10', '--top', '1')
    expect(stdout).toBe('cat  99.99 %\n')
    expect(code).toBe(0)
  })

  it('of a published tag takes weights of another number of classes', async () => {
    await writeFile(at('three.safetensors'), writeSafetensors(initialise(test_resnet({ numClasses: 3 }))))
    const args = ['--model', 'test_resnet.r160_in1k', '--weights', at('three.safetensors'), '--json']
    const { code, stdout } = await resnet('classify', chelsea, ...args)
    const { model, results } = JSON.parse(stdout) as Document
    expect([model, results[0]!.predictions.length]).toEqual(['test_resnet', 3])
    expect(code).toBe(0)
  })

  it('of a tag that is not published is told those that are', async () => {
    const { code, stderr } = await resnet('classify', chelsea, '--model', 'test_resnet.a1_in1k')
    expect(stderr).toBe(
      "error: model 'test_resnet.a1_in1k': expected one of the tags r160_in1k, found the tag 'a1_in1k'.\n",
    )
    expect(code).toBe(1)
  })

  it('can be told by the metadata of the weights', async () => {
    const params = initialise(cifar_resnet20())
    const metadata = { architecture: 'cifar_resnet20' }
    await writeFile(at('described.safetensors'), writeSafetensors(params, { metadata }))
    await writeFile(at('bare.safetensors'), writeSafetensors(params))
    const described = await resnet('classify', chelsea, '--weights', at('described.safetensors'))
    expect(described.stdout).toMatch(/^class \d/)
    expect(described.code).toBe(0)
    const bare = await resnet('classify', chelsea, '--weights', at('bare.safetensors'))
    expect(JSON.stringify(bare.stderr)).toContain('cifar_resnet20')
    expect(bare.code).toBe(0)
    await writeFile(
      at('strange.safetensors'),
      writeSafetensors(new Map([['strange', parameter([2], new Float32Array(2))]])),
    )
    const strange = await resnet('classify', chelsea, '--weights', at('strange.safetensors'))
    expect(errorsIn(strange.stderr)[0]).toMatch(/give --model NAME, or --config/)
    expect(strange.code).toBe(1)
  })

  it.each<[string, RegExp, ...string[]]>([
    ['an unknown model', /nearest names are resnet50,/, '--model', 'resnet_50'],
    [
      'a model without weights',
      /model 'cifar_resnet56': expected weights.*--weights FILE/,
      '--model',
      'cifar_resnet56',
    ],
    ['a model that was never fetched, offline', /HF_HUB_OFFLINE|offline/, '--model', 'resnet50'],
    ['weights that are not there', /no such file/, '--model', 'resnet18', '--weights', 'missing.safetensors'],
    ['a card that is not there', /config 'missing.json': .* found no such file/, '--config', 'missing.json'],
  ])('fails in one sentence for %s', async (_, said, ...args) => {
    const { code, stdout, stderr } = await resnet('classify', chelsea, ...args)
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it.each<[string, RegExp, () => Promise<Uint8Array | string>]>([
    [
      'cut in the middle',
      /may have been cut short/,
      async () => (await readFile(at('own.safetensors'))).subarray(0, 100_000),
    ],
    [
      'with a lying header',
      /expected a header of at most/,
      async () => Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), Buffer.from('{}')]),
    ],
    ['of another model', /weights of another model/, async () => readFile(at('own.safetensors'))],
    ['that are an image', /safetensors/, async () => readFile(chelsea)],
    ['that are empty', /an empty file/, async () => ''],
  ])('fails in one sentence for weights %s', async (_, said, make) => {
    await embeddedFiles()
    await writeFile(at('bad.safetensors'), await make())
    const { code, stdout, stderr } = await resnet(
      'classify',
      chelsea,
      '--model',
      'resnet18',
      '--weights',
      at('bad.safetensors'),
    )
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it.each<[string, RegExp, string]>([
    ['is no JSON', /found no JSON/, '{ "architecture": '],
    ['is no object', /no object/, '3'],
    ['has a malformed field', /field 'num_classes'/, '{ "architecture": "resnet18", "num_classes": "ten" }'],
    ['is of an unknown architecture', /nearest names/, '{ "architecture": "resnet19" }'],
  ])('fails in one sentence for a card that %s', async (_, said, text) => {
    await writeFile(at('bad.json'), text)
    const { code, stderr } = await resnet('classify', chelsea, '--config', at('bad.json'))
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(said)
    expect(code).toBe(1)
  })
})
