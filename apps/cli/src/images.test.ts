import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findImages } from './images.js'
import { temporaryFolders } from './testing/run.js'

const temporaryFolder = temporaryFolders()
let folder: string

beforeAll(async () => {
  folder = await temporaryFolder()
  await mkdir(join(folder, 'a/more'), { recursive: true })
  await mkdir(join(folder, 'empty'))
  for (const name of ['a.png', 'a/2.jpg', 'a/10.jpg', 'a/more/b.PNG', 'a/.hidden.png', 'notes.txt']) {
    await writeFile(join(folder, name), '')
  }
  await symlink('a', join(folder, 'link'))
})

describe('findImages', () => {
  it('calls those of a folder alone by their paths from there, in the order of the paths', async () => {
    const { files, base, leftOut } = await findImages([`${folder}/`])
    const names = ['a.png', 'a/10.jpg', 'a/2.jpg', 'a/more/b.PNG', 'link/10.jpg', 'link/2.jpg', 'link/more/b.PNG']
    expect(files).toEqual(names.map((name) => ({ name, source: `${folder}/${name}` })))
    expect([base, leftOut]).toEqual([folder, ['notes.txt']])
  })

  it('calls others as they are given, each once', async () => {
    const [image, url] = [join(folder, 'a.png'), 'https://example.org/cat.jpg']
    const { files, base } = await findImages([url, join(folder, 'a'), image, image])
    expect(files.map(({ name }) => name)).toEqual(
      [url, image, ...['2.jpg', '10.jpg', 'more/b.PNG'].map((name) => join(folder, 'a', name))].sort(),
    )
    expect(files.every(({ name, source }) => name === source)).toBe(true)
    expect(base).toBe(resolve('.'))
  })

  it('tells paths that lead nowhere from images', async () => {
    const image = join(folder, 'a.png')
    const given = ['missing.png', image, join(image, 'inside.png'), 'file:///no/such.png', 'no folder/']
    const { files, missing } = await findImages(given)
    expect(files.map(({ name }) => name)).toEqual([image, 'file:///no/such.png'])
    expect(missing).toEqual(['missing.png', join(image, 'inside.png'), 'no folder/'])
    expect(await findImages(['missing.png'])).toMatchObject({ files: [], missing: ['missing.png'] })
  })

  it('fails where there are none', async () => {
    await expect(findImages([join(folder, 'empty')])).rejects.toThrow(
      /expected images, at any depth, found none; .*\.png/,
    )
    const long = `data:image/png;base64,${'A'.repeat(70_000)}`
    await expect(findImages([long])).rejects.toThrow(/a path or URL of at most 65535 bytes, which becomes its name/)
  })
})
