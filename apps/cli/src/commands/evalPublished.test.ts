import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
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

/** Images that the reference is given, which takes a tenth of a second for each. */
const onReference = process.env.RESNET_TS_LONG ? 500 : 100

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

  /** The predicted classes of the images of a folder, as digits, in the order of the reference. */
  async function predictionsOf(place: string, backend: string): Promise<string> {
    const out = join(folder, `${backend}.csv`)
    const network = ['--weights', checkpoint!, '--config', join(folder, 'config.json'), '--backend', backend]
    const { code, stderr } = await resnet('eval', place, ...network, '--predictions', out)
    expect(stderr).not.toMatch(/^error/m)
    expect(code).toBe(0)
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1)
    return rows.map((row) => golden.classes.indexOf(row.split(',')[2]!)).join('')
  }

  function same(found: string): number {
    return [...found].filter((digit, index) => digit === golden.predictions[index]).length
  }

  const backends = process.env.RESNET_TS_LONG ? ['wasm', 'node'] : ['wasm']
  it.concurrent(`is the same class as PyTorch’s on ${backends.join(' and ')}`, {
    timeout: 900_000,
  }, async () => {
    const found = await Promise.all(backends.map((backend) => predictionsOf(images, backend)))
    for (const [index, backend] of backends.entries()) {
      console.info(`${backend}: the same class for ${same(found[index]!)} of ${golden.total}`)
      expect(found[index]).toHaveLength(golden.total)
      expect(same(found[index]!)).toBeGreaterThanOrEqual(9995)
    }
  })

  it.concurrent(`is the same class as PyTorch’s on the reference, for the first ${onReference}`, {
    timeout: 900_000,
  }, async () => {
    const first = join(folder, 'first', golden.classes[0]!)
    await mkdir(first, { recursive: true })
    for (const name of (await readdir(join(images, golden.classes[0]!))).sort().slice(0, onReference)) {
      await cp(join(images, golden.classes[0]!, name), join(first, name))
    }
    const found = await predictionsOf(join(folder, 'first'), 'reference')
    expect(found).toBe(golden.predictions.slice(0, onReference))
  })
})
