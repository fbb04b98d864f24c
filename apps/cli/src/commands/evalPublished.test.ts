import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cifarPredictions, dataFolder, sharedFolder } from '@resnet-ts/golden'
import { beforeAll, describe, expect, it } from 'vitest'
import { resnet, temporaryFolders } from '../testing/run.js'

const golden = cifarPredictions()
const archive = join(dataFolder() ?? '', 'cifar10-jpeg-test.tar.xz')
const [checkpoint] = [
  join(dataFolder() ?? '', golden.checkpoint),
  join(sharedFolder() ?? '', 'golden/cifar10', golden.checkpoint),
].filter((path) => existsSync(path))

function whatIsMissing(): string | undefined {
  if (!existsSync(archive)) return 'no cifar10-jpeg-test.tar.xz in the folder beside the clone'
  return checkpoint ? undefined : `no ${golden.checkpoint} in the folder beside the clone`
}

const missing = whatIsMissing()

/** Images of each class; a test of all takes half a minute. */
const ofEachClass = process.env.RESNET_TS_LONG ? 1000 : 200
/** Images that the reference is given, which takes a tenth of a second for each. */
const onReference = process.env.RESNET_TS_LONG ? 500 : 50

describe.skipIf(missing)(`a published PyTorch checkpoint on CIFAR-10${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const temporaryFolder = temporaryFolders()
  let folder: string
  let images: string

  beforeAll(async () => {
    folder = await temporaryFolder()
    await promisify(execFile)('tar', ['-xf', archive, '-C', folder])
    images = join(folder, 'test')
    const { size, mean, std } = golden.preprocess
    const card = {
      architecture: 'cifar_resnet20',
      label_names: golden.classes,
      pretrained_cfg: { input_size: [3, ...size], crop_pct: 1, interpolation: 'bilinear', mean, std },
    }
    await writeFile(join(folder, 'config.json'), JSON.stringify(card))
  })

  /** The predicted classes of the first images of each class, as digits, beside those that PyTorch predicts. */
  async function predictionsOf(classes: readonly string[], count: number, backend: string) {
    const place = join(folder, backend, 'images')
    for (const name of classes) {
      await mkdir(join(place, name), { recursive: true })
      for (const file of (await readdir(join(images, name))).sort().slice(0, count))
        await symlink(join(images, name, file), join(place, name, file))
    }
    const out = join(folder, `${backend}.csv`)
    const network = ['--weights', checkpoint!, '--config', join(folder, 'config.json'), '--backend', backend]
    const { code, stderr } = await resnet('eval', place, ...network, '--predictions', out)
    expect(stderr).not.toMatch(/^error/m)
    expect(code).toBe(0)
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1)
    const found = rows.map((row) => golden.classes.indexOf(row.split(',')[2]!)).join('')
    const firstOf = (name: string) => golden.classes.indexOf(name) * 1000
    const expected = classes.map((name) => golden.predictions.slice(firstOf(name), firstOf(name) + count)).join('')
    return { found, expected }
  }

  const backends = process.env.RESNET_TS_LONG ? ['wasm', 'node'] : ['wasm']
  it.concurrent.each(backends)(
    `is the same class as PyTorch’s for ${ofEachClass} of each on %s`,
    {
      timeout: 900_000,
    },
    async (backend) => {
      const { found, expected } = await predictionsOf(golden.classes, ofEachClass, backend)
      expect(found).toHaveLength(10 * ofEachClass)
      const same = [...found].filter((digit, index) => digit === expected[index]).length
      console.info(`${backend}: the same class for ${same} of ${found.length}`)
      // 9,995 of the 10,000.
      expect(same).toBeGreaterThanOrEqual(found.length * 0.9995)
    },
  )

  it.concurrent(`is the same class as PyTorch’s on the reference, for the first ${onReference}`, {
    timeout: 900_000,
  }, async () => {
    const { found, expected } = await predictionsOf(golden.classes.slice(0, 1), onReference, 'reference')
    expect(found).toBe(expected)
  })
})
