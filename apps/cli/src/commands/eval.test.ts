import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { dataFolder } from '@resnet-ts/golden'
import { embeddedWeights } from 'resnet-ts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { errorsIn, example, resnet, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()

interface Document {
  readonly total: number
  readonly correct: number
  readonly failed: number
  readonly top1: number | null
  readonly top5: number | null
  readonly perClass: Readonly<Record<string, { total: number; correct: number; top1: number | null }>>
  readonly imagesPerSecond: number
}

describe('resnet eval', () => {
  let folder: string
  let photos: string

  /** Two cats in folders of their own, a cup that passes for an automobile, a rocket that passes for a ship. */
  beforeEach(async () => {
    folder = await temporaryFolder()
    photos = join(folder, 'photos')
    for (const name of ['cat/more', 'Dog', 'automobile']) await mkdir(join(photos, name), { recursive: true })
    await copyFile(example('chelsea.png'), join(photos, 'cat/b, "tabby".png'))
    await copyFile(example('chelsea.png'), join(photos, 'cat/more/a.PNG'))
    await copyFile(example('rocket.jpg'), join(photos, 'Dog/rocket.jpg'))
    await copyFile(example('coffee.png'), join(photos, 'automobile/coffee.png'))
  })

  it('counts what is right, overall and for each class', async () => {
    const { code, stdout, stderr } = await resnet('eval', photos, '--json', '--top', '7')
    const document = JSON.parse(stdout) as Document & { readonly top7: number }
    expect(document).toMatchObject({ model: 'cifar_resnet20', total: 4, correct: 3, failed: 0, top1: 0.75 })
    // A dog is not among the five likeliest classes of the rocket, nor does it come much later.
    expect([document.top5, document.top7 === 0.75 || document.top7 === 1]).toEqual([0.75, true])
    expect(Object.entries(document.perClass)).toEqual([
      ['automobile', { total: 1, correct: 1, top1: 1 }],
      ['cat', { total: 2, correct: 2, top1: 1 }],
      ['dog', { total: 1, correct: 0, top1: 0 }],
    ])
    expect(document.imagesPerSecond).toBeGreaterThan(0)
    expect(errorsIn(stderr)).toEqual([])
    expect(code).toBe(0)
  })

  it('prints a table', async () => {
    const { code, stdout } = await resnet('eval', photos)
    expect(stdout.split('\n').slice(0, -2)).toEqual([
      'top-1        75.00 %  3 of 4',
      'top-5        75.00 %  3 of 4',
      '',
      'class          top-1',
      'automobile  100.00 %  1 of 1',
      'cat         100.00 %  2 of 2',
      'dog           0.00 %  0 of 1',
      '',
    ])
    expect(stdout.split('\n').at(-2)).toMatch(/^4 images, [\d.]+ images\/s$/)
    expect(code).toBe(0)
  })

  it('writes the predictions, in the order of the labels and the names', async () => {
    const file = join(folder, 'predictions.csv')
    await writeFile(file, 'something older')
    expect((await resnet('eval', photos, '--predictions', file)).code).toBe(0)
    const [header, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(header).toBe('file,label,predicted,probability')
    expect(rows.map((row) => row.slice(0, row.lastIndexOf(',')))).toEqual([
      'automobile/coffee.png,automobile,automobile',
      '"cat/b, ""tabby"".png",cat,cat',
      'cat/more/a.PNG,cat,cat',
      'Dog/rocket.jpg,dog,ship',
    ])
    expect(Number(rows[1]!.split(',').at(-1))).toBeCloseTo(0.9999, 3)
    expect(await readdir(folder)).toEqual(['photos', 'predictions.csv'])
  })

  it('passes over what is no image, and reports what is a broken one', async () => {
    await writeFile(join(photos, 'notes.txt'), 'about these photos')
    await writeFile(join(photos, 'cat/Thumbs.db'), 'a cache')
    await writeFile(join(photos, 'cat/.hidden.png'), 'no image')
    await writeFile(join(photos, 'cat/c.png'), 'no image')
    await symlink('nowhere', join(photos, 'cat/d.png'))
    const file = join(folder, 'predictions.csv')
    const { code, stdout, stderr } = await resnet('eval', photos, '--json', '--predictions', file)
    expect(JSON.parse(stdout)).toMatchObject({ total: 4, correct: 3, failed: 2, perClass: { cat: { total: 2 } } })
    expect(errorsIn(stderr).map((line) => line.includes('c.png') || line.includes('d.png'))).toEqual([true, true])
    expect(stderr).toMatch(/^left out 'cat\/Thumbs\.db', 'notes\.txt': /m)
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(5)
    expect(code).toBe(1)
  })

  it('has no accuracy to tell when no image could be read', async () => {
    for (const name of await readdir(photos)) await rm(join(photos, name), { recursive: true })
    await mkdir(join(photos, 'frog'))
    await writeFile(join(photos, 'frog/1.png'), 'no image')
    const { code, stdout } = await resnet('eval', photos, '--json')
    const frog = { total: 0, correct: 0, top1: null }
    expect(JSON.parse(stdout)).toMatchObject({ total: 0, failed: 1, top1: null, top5: null, perClass: { frog } })
    expect(code).toBe(1)
  })

  it.each<[string, RegExp, () => Promise<readonly string[]>]>([
    ['a missing folder', /nothing at that path/, async () => [join(folder, 'missing')]],
    ['a file', /found a file/, async () => [example('chelsea.png')]],
    [
      'an empty folder',
      /expected a folder of images for each class, found no folders\./,
      async () => [await temporaryFolder()],
    ],
    ['a folder of images', /images, but no folders; .*resnet classify/, async () => [join(photos, 'Dog')]],
    [
      'class folders without images',
      /expected images in its class folders, found none in 'frog'/,
      async () => {
        const empty = await temporaryFolder()
        await mkdir(join(empty, 'frog'))
        return [empty]
      },
    ],
    [
      'a folder of no class',
      /class folder 'more': .*airplane, automobile, bird, .*truck\)/,
      async () => [join(photos, 'cat')],
    ],
    [
      'predictions in a folder that is not there',
      /predictions.csv': expected one that can be written, found that its folder/,
      async () => [photos, '--predictions', join(folder, 'missing/predictions.csv')],
    ],
    ['predictions in place of a folder', /found a folder/, async () => [photos, '--predictions', folder]],
  ])('fails in one sentence for %s', async (_, said, argumentsOf) => {
    const { code, stdout, stderr } = await resnet('eval', ...(await argumentsOf()))
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(errorsIn(stderr)[0]).toMatch(said)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

const archive = join(dataFolder() ?? '', 'cifar10-jpeg-test.tar.xz')
const missing = existsSync(archive) ? undefined : 'skipped: no cifar10-jpeg-test.tar.xz in the folder beside the clone'

describe.skipIf(missing)(`the 10,000 images of CIFAR-10${missing ? ` (${missing})` : ''}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = await temporaryFolder()
    await promisify(execFile)('tar', ['-xf', archive, '-C', folder])
  })

  it('give the accuracy that the card of the weights tells', { timeout: 900_000 }, async () => {
    const file = join(folder, 'predictions.csv')
    const { code, stdout, stderr } = await resnet('eval', join(folder, 'test'), '--json', '--predictions', file)
    const { config } = await embeddedWeights[0]!.load()
    const card = config as typeof config & { readonly correct: number; readonly total: number; readonly top5: number }
    const { total, correct, top1, top5, perClass, imagesPerSecond } = JSON.parse(stdout) as Document
    console.info(`${correct} of ${total} right (${card.correct} on the card), ${imagesPerSecond} images/s`)
    expect(total).toBe(card.total)
    expect(Math.abs(correct - card.correct)).toBeLessThanOrEqual(5)
    expect(top1).toBe(correct / total)
    expect(Math.abs(top5! - card.top5) * total).toBeLessThanOrEqual(5)
    expect(Object.keys(perClass)).toEqual(config.label_names)
    expect(Object.values(perClass).reduce((sum, score) => sum + score.correct, 0)).toBe(correct)
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(1)
    expect(rows).toHaveLength(total)
    const right = rows.filter((row) => row.split(',')[1] === row.split(',')[2])
    expect(right).toHaveLength(correct)
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3)
    expect(code).toBe(0)
  })
})
