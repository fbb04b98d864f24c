import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from '@resnet-ts/vision'
import { load } from 'resnet-ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { errorsIn, example, resnet, temporaryFolders } from '../testing/run.js'
import { findClass } from './explain.js'

const temporaryFolder = temporaryFolders()

interface Document {
  readonly image: string
  readonly class: {
    readonly label: string
    readonly index: number
    readonly probability: number
    readonly logit: number
  }
  readonly map: { readonly width: number; readonly height: number; readonly values: readonly number[] }
  readonly out: string
}

let folder: string
let out: string
beforeEach(async () => {
  folder = await temporaryFolder()
  out = join(folder, 'overlay.png')
})

describe('resnet explain', () => {
  const chelsea = example('chelsea.png')

  it('lays the map over the photograph, and prints what it is of', async () => {
    const { code, stdout } = await resnet('explain', chelsea, '--out', out)
    expect(stdout).toMatch(
      /^class {8}cat \(3\)\nprobability {2}99\.99 %\nlogit {8}13\.2\d\d\npeak {9}row \d, column \d of 8 × 8\noverlay {6}/,
    )
    expect(stdout.trimEnd().split('\n')).toHaveLength(5)
    expect(code).toBe(0)
    expect(await readdir(folder)).toEqual(['overlay.png'])
    const [photo, overlay] = [await decode(chelsea), await decode(out)]
    expect([overlay.width, overlay.height]).toEqual([photo.width, photo.height])
    expect(overlay.data).not.toEqual(photo.data)
  })

  it('prints the map of any class as one JSON document, which is that of the library', async () => {
    const args = ['--class', 'Dog', '--opacity', '0', '--json', '--backend', 'reference']
    const { code, stdout, stderr } = await resnet('explain', chelsea, '--out', out, ...args)
    const document = JSON.parse(stdout) as Document
    const model = await load()
    const { map, logit, probability } = await model.explain(chelsea, 5)
    await model.dispose()
    expect(document).toEqual({
      image: chelsea,
      class: {
        label: 'dog',
        index: 5,
        probability: expect.closeTo(probability, 5) as number,
        logit: expect.closeTo(logit, 4) as number,
      },
      map: { width: 8, height: 8, values: Array.from(map.values, (value) => expect.closeTo(value, 3) as number) },
      out,
    })
    // At no opacity, the photograph is as it was.
    expect((await decode(out)).data).toEqual((await decode(chelsea)).data)
    expect(errorsIn(stderr)).toEqual([])
    expect(code).toBe(0)
  })

  it('takes the place of an overlay that is there', async () => {
    await writeFile(out, 'an old one')
    expect((await resnet('explain', chelsea, '--out', out, '--class', '0')).code).toBe(0)
    expect((await readFile(out)).subarray(1, 4).toString()).toBe('PNG')
  })

  it.each<[string, RegExp, () => readonly string[]]>([
    [
      'a class that is none',
      /^error: the class to explain: expected a whole number from 0 to 9, found 10\./,
      () => [chelsea, '--class', '10'],
    ],
    [
      'a label that is none',
      /expected one of the 10 labels of cifar_resnet20, found 'tabby'/,
      () => [chelsea, '--class', 'tabby'],
    ],
    ['an image that is none', /unknown format/, () => [join(folder, 'text.jpg')]],
    ['an image that is missing', /nothing at that path/, () => [join(folder, 'missing.jpg')]],
    [
      'a folder that is missing',
      /found that its folder does not exist/,
      () => [chelsea, '--out', join(folder, 'x/o.png')],
    ],
    ['an overlay in place of a folder', /found a folder/, () => [chelsea, '--out', join(folder, 'folder.png')]],
  ])('fails in one sentence for %s', async (_, said, args) => {
    await writeFile(join(folder, 'text.jpg'), 'Ceci n’est pas une image.')
    await mkdir(join(folder, 'folder.png'))
    const { code, stdout, stderr } = await resnet('explain', '--out', out, ...args())
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(await readdir(folder)).toEqual(['folder.png', 'text.jpg'])
    expect(code).toBe(1)
  })
})

describe('findClass', () => {
  const model = { name: 'net', labels: ['crane', 'Polish', 'polish', 'crane', 'tabby cat'] }

  it.each([
    ['7', 7],
    ['polish', 2],
    ['Polish', 1],
    ['TABBY CAT', 4],
  ])('finds %s', (wanted, index) => expect(findClass(wanted, model)).toBe(index))

  it('asks which of two is meant', () => {
    expect(() => findClass('crane', model)).toThrow(/found 2 of that name; give one of the indices 0, 3\.$/)
    expect(() => findClass('POLISH', model)).toThrow(/give one of the indices 1, 2\.$/)
  })

  it('names those that are alike', () => {
    expect(() => findClass('tabby', model)).toThrow(
      /^option 'class': expected one of the 5 labels of net, found 'tabby', which is none of them; those with it in their name are tabby cat\.$/,
    )
    expect(() => findClass('x', model)).toThrow(/labels are such as crane, Polish, polish, crane, tabby cat\.$/)
    expect(() => findClass('x', { name: 'net', labels: undefined })).toThrow(
      /expected an index, since net has no labels/,
    )
  })
})
