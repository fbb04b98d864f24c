import { spawn } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise, test_resnet } from '@resnet-ts/zoo'
import { load } from 'resnet-ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { readEmbeddings } from '../embeddings/formats.js'
import { collect } from '../testing/embeddings.js'
import { plainPng } from '../testing/png.js'
import { errorsIn, example, executable, resnet, resnetIn, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()

let folder: string
let photos: string
const at = (name: string) => join(folder, name)

beforeEach(async () => {
  folder = await temporaryFolder()
  photos = at('photos')
  await mkdir(join(photos, 'more'), { recursive: true })
  await copyFile(example('rocket.jpg'), join(photos, 'more/größe 🚀.jpg'))
  await copyFile(example('chelsea.png'), join(photos, 'b.PNG'))
  await copyFile(example('coffee.png'), join(photos, 'a.png'))
  await writeFile(join(photos, 'notes.txt'), 'about these photos')
})

const read = async (name: string) => collect(readEmbeddings(at(name), 64))

describe('resnet embed', () => {
  it.each(['npy', 'jsonl', 'parquet'])('writes the features that the library gives, as .%s', async (extension) => {
    const { code, stdout, stderr } = await resnet('embed', photos, '--out', at(`out.${extension}`), '--batch-size', '2')
    const model = await load()
    const vectors = await model.embed(
      ['coffee.png', 'chelsea.png', 'rocket.jpg'].map((name) => example(name as 'coffee.png')),
    )
    await model.dispose()
    expect(await read(`out.${extension}`)).toEqual([
      { file: 'a.png', vector: vectors[0] },
      { file: 'b.PNG', vector: vectors[1] },
      { file: 'more/größe 🚀.jpg', vector: vectors[2] },
    ])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^left out 'notes\.txt': no image by its extension$/m)
    expect(stderr).toMatch(/^3 images in '.*', \d+\.\d images\/s$/m)
    expect(await readdir(folder)).toEqual([`out.${extension}`, 'photos'])
    expect(code).toBe(0)
  })

  it('calls single images as they are given, and tells what it did as one JSON document', async () => {
    const images = [join(photos, 'b.PNG'), join(photos, 'a.png')]
    const { code, stdout } = await resnet('embed', ...images, '--out', at('out.npy'), '--json')
    expect((await read('out.npy')).map(({ file }) => file)).toEqual([images[1], images[0]])
    const { backend, seconds, imagesPerSecond, ...rest } = JSON.parse(stdout) as Record<string, unknown>
    expect(rest).toEqual({
      model: 'cifar_resnet20',
      out: at('out.npy'),
      images: 2,
      dimension: 64,
      resumed: 0,
      failed: 0,
    })
    expect(backend).toMatchObject({ backend: 'wasm' })
    expect([seconds, imagesPerSecond].every((value) => (value as number) > 0)).toBe(true)
    expect(code).toBe(0)
  })

  it('reports broken images and leaves them out', async () => {
    await writeFile(join(photos, 'c.png'), 'no image')
    await symlink('nowhere', join(photos, 'd.png'))
    const { code, stderr } = await resnet('embed', photos, '--out', at('out.jsonl'))
    expect(errorsIn(stderr).map((line) => line.includes('c.png') || line.includes('d.png'))).toEqual([true, true])
    expect(stderr).toMatch(/^3 images \(2 more failed\) in/m)
    expect((await read('out.jsonl')).map(({ file }) => file)).toEqual(['a.png', 'b.PNG', 'more/größe 🚀.jpg'])
    expect(code).toBe(1)
  })

  it('goes on with broken images once they are mended, and with nothing else', async () => {
    const run = () => resnet('embed', photos, '--out', at('out.jsonl'), '--json')
    const report = (stdout: string) => {
      const { images, resumed, failed } = JSON.parse(stdout) as Record<string, number>
      return { images, resumed, failed }
    }
    await writeFile(join(photos, 'c.png'), 'no image')
    const first = await run()
    expect(report(first.stdout)).toEqual({ images: 3, resumed: 0, failed: 1 })
    expect(first.stderr).toMatch(
      /^what is done is kept in '.*out\.jsonl\.partial': the same command tries those that failed again$/m,
    )
    expect(first.code).toBe(1)
    const whole = await readFile(at('out.jsonl'))
    const again = await run()
    expect(report(again.stdout)).toEqual({ images: 3, resumed: 3, failed: 1 })
    expect(again.code).toBe(1)
    expect((await readFile(at('out.jsonl'))).equals(whole)).toBe(true)
    await copyFile(example('coffee.png'), join(photos, 'c.png'))
    const mended = await run()
    expect(report(mended.stdout)).toEqual({ images: 4, resumed: 3, failed: 0 })
    expect(errorsIn(mended.stderr)).toEqual([])
    expect(mended.code).toBe(0)
    expect((await read('out.jsonl')).map(({ file }) => file)).toEqual(['a.png', 'b.PNG', 'c.png', 'more/größe 🚀.jpg'])
    expect(await readdir(folder)).toEqual(['out.jsonl', 'photos'])
    expect((await run()).stderr).toMatch(/found one that is finished; use --force/)
  })

  it('tells of a path that leads nowhere before the model is loaded', async () => {
    const missing = at('missing.png')
    const { code, stderr } = await resnet('embed', missing, join(photos, 'a.png'), '--out', at('out.npy'))
    const lines = stderr.split('\n')
    expect(lines[0]).toBe(`error: ${missing}: expected an image file, found nothing at that path.`)
    expect(lines[1]).toMatch(/^cifar_resnet20 on .*, loaded in/)
    expect(stderr).toMatch(/^1 image \(1 more failed\) in/m)
    expect(code).toBe(1)
    const alone = await resnet('embed', missing, '--out', at('other.npy'), '--weights', at('no.safetensors'))
    expect(errorsIn(alone.stderr)).toEqual([
      lines[0],
      'error: the images: expected at least one that can be read, found none.',
    ])
  })

  it('tells weights of the hub apart by their tensors', async () => {
    const cache = at('hub')
    const weights = writeSafetensors(initialise(test_resnet()))
    const publish = async (commit: string) => {
      const repository = join(cache, 'models--timm--test_resnet.r160_in1k')
      await mkdir(join(repository, 'snapshots', commit), { recursive: true })
      await mkdir(join(repository, 'refs'), { recursive: true })
      await writeFile(join(repository, 'refs/main'), commit)
      await writeFile(join(repository, 'snapshots', commit, 'model.safetensors'), weights)
    }
    const embed = (model: string) =>
      resnetIn({ HF_HUB_CACHE: cache }, 'embed', photos, '--out', at('out.npy'), '--model', model)
    await publish('a'.repeat(40))
    await writeFile(join(photos, 'c.png'), 'no image')
    expect((await embed('test_resnet')).stderr).toMatch(/^3 images \(1 more failed\) in/m)
    expect((await embed('timm/test_resnet.r160_in1k')).stderr).toMatch(/^3 of 4 images are done already$/m)
    weights[weights.length - 1]! ^= 1
    await publish('b'.repeat(40))
    expect((await embed('test_resnet')).stderr).toMatch(/^error: journal .* found one with another weights/m)
  })

  it('writes nothing when no image can be read', async () => {
    const args = [at('missing.png'), example('chelsea.png').replace('chelsea', 'tabby'), '--out', at('out.npy')]
    const { code, stdout, stderr } = await resnet('embed', ...args)
    expect(errorsIn(stderr)).toHaveLength(3)
    expect(stderr).toMatch(/^error: the images: expected at least one that can be read, found none\.$/m)
    expect(stdout).toBe('')
    expect(await readdir(folder)).toEqual(['photos'])
    expect(code).toBe(1)
  })

  it('keeps a file that is finished, unless it is forced', async () => {
    await writeFile(at('out.npy'), 'an old one')
    const refused = await resnet('embed', photos, '--out', at('out.npy'))
    expect(refused.stderr).toMatch(/^error: file '.*': expected none of that name yet, .*; use --force .*\.\n$/)
    expect(refused.code).toBe(1)
    expect(await readFile(at('out.npy'), 'utf8')).toBe('an old one')
    expect((await resnet('embed', photos, '--out', at('out.npy'), '--force')).code).toBe(0)
    expect(await read('out.npy')).toHaveLength(3)
  })

  it.each<[string, RegExp, () => Promise<readonly string[]>]>([
    [
      'a folder without images',
      /expected images, at any depth, found none/,
      async () => [await temporaryFolder(), '--out', at('out.npy')],
    ],
    ['a folder that is missing', /its folder does not exist/, async () => [photos, '--out', at('missing/out.npy')]],
    [
      'a folder in its place',
      /found a folder/,
      async () => mkdir(at('out.npy')).then(() => [photos, '--out', at('out.npy')]),
    ],
    [
      'weights that give no numbers',
      /expected finite numbers, found others; see whether the weights are damaged/,
      async () => {
        const params = new Map(initialise(cifar_resnet20()))
        const { shape } = params.get('conv1.weight')!
        const size = shape.reduce((product, side) => product * side, 1)
        params.set('conv1.weight', { shape, read: () => new Float32Array(size).fill(Number.NaN) })
        const metadata = { architecture: 'cifar_resnet20' }
        await writeFile(at('nan.safetensors'), writeSafetensors(params, { metadata }))
        return [join(photos, 'a.png'), '--out', at('out.npy'), '--weights', at('nan.safetensors')]
      },
    ],
  ])('fails in a sentence for %s', async (_, said, argumentsOf) => {
    const { code, stdout, stderr } = await resnet('embed', ...(await argumentsOf()))
    expect(errorsIn(stderr).length).toBeGreaterThan(0)
    expect(stderr).toMatch(said)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('an interrupted run', () => {
  const partial = () => at('out.npy.partial')
  const run = (...args: readonly string[]) => resnet('embed', photos, '--out', at('out.npy'), ...args)

  /** Enough different images to be in the middle of them. */
  beforeEach(async () => {
    for (let index = 0; index < 600; index++) {
      const colour = [(index * 7) % 256, (index * 31) % 256, index % 256]
      await writeFile(join(photos, `more/${index}.png`), plainPng(32, 32, colour))
    }
  })

  /** Starts the command and ends it once the journal has some images. */
  async function interrupt(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly stderr: string }> {
    const child = spawn(process.execPath, [executable, 'embed', photos, '--out', at('out.npy')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const size = () =>
      stat(partial()).then(
        (found) => found.size,
        () => 0,
      )
    const before = await size()
    let stderr = ''
    child.stderr.on('data', (data) => {
      stderr += data
    })
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
    // Once: a second Ctrl-C would end it without a word.
    while (!child.killed && child.exitCode === null) {
      await setTimeout(5)
      if ((await size()) > before + 20_000) child.kill(signal)
    }
    return { code: await closed, stderr }
  }

  it('goes on with the same command, and gives the same file to the byte', async () => {
    const killed = await interrupt('SIGKILL')
    expect(killed.code).toBe(null)
    expect(await readdir(folder)).toEqual(['out.npy.partial', 'photos'])
    // As if it had been killed while it wrote.
    await truncate(partial(), (await stat(partial())).size - 7)
    const interrupted = await interrupt('SIGINT')
    expect(interrupted.code).toBe(130)
    expect(interrupted.stderr).toMatch(/^[\d,]+ of 603 images are done already$/m)
    expect(interrupted.stderr).toMatch(
      /^[\d,]+ of 603 images are kept in '.*out\.npy\.partial': the same command goes on/m,
    )
    expect(interrupted.stderr).toMatch(/^interrupted$/m)
    expect(errorsIn(interrupted.stderr)).toEqual([])
    const resumed = await run('--json')
    const report = JSON.parse(resumed.stdout) as { readonly images: number; readonly resumed: number }
    expect(report.images).toBe(603)
    expect(report.resumed).toBeGreaterThan(60)
    expect(resumed.code).toBe(0)
    expect(await readdir(folder)).toEqual(['out.npy', 'photos'])
    const found = await readFile(at('out.npy'))
    await rm(at('out.npy'))
    expect((await run('--batch-size', '5')).code).toBe(0)
    expect((await readFile(at('out.npy'))).equals(found)).toBe(true)
  })

  it('takes in images that were mended and added, and leaves out those that are gone', async () => {
    await writeFile(join(photos, '0.png'), 'no image')
    await interrupt('SIGKILL')
    await copyFile(example('rocket.jpg'), join(photos, '0.png'))
    await copyFile(example('coffee.png'), join(photos, 'z.png'))
    await rm(join(photos, 'a.png'))
    const { code, stderr } = await run()
    expect(errorsIn(stderr)).toEqual([])
    const files = (await read('out.npy')).map(({ file }) => file)
    expect(files).toHaveLength(604)
    expect([files[0], files[1], files.at(-1)]).toEqual(['0.png', 'b.PNG', 'z.png'])
    expect(code).toBe(0)
  })

  it('is not mixed with another model', async () => {
    await interrupt('SIGKILL')
    const before = await readFile(partial())
    await writeFile(at('own.safetensors'), writeSafetensors(initialise(cifar_resnet20())))
    const { code, stdout, stderr } = await run('--model', 'cifar_resnet20', '--weights', at('own.safetensors'))
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr).toMatch(
      /^error: journal '.*out\.npy\.partial': expected .* found one with another network, another weights .*; delete it, or choose another --out\.$/m,
    )
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect((await readFile(partial())).equals(before)).toBe(true)
    expect(await readdir(folder)).toEqual(['out.npy.partial', 'own.safetensors', 'photos'])
  })
})
