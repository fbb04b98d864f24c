import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearCache, listCache, verifyCached } from './manage.js'

const commit = 'c'.repeat(40)
const content = Buffer.from('weights')
const sha256 = createHash('sha256').update(content).digest('hex')
const gitOid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
let cacheDir: string

/** As Python's huggingface_hub lays a model out. */
async function layOut(repo: string, files: Record<string, string>): Promise<void> {
  const place = join(cacheDir, `models--${repo.replace('/', '--')}`)
  await mkdir(join(place, 'refs', 'refs', 'pr'), { recursive: true })
  await mkdir(join(place, 'blobs'), { recursive: true })
  await mkdir(join(place, 'snapshots', commit, 'onnx'), { recursive: true })
  for (const ref of ['main', 'refs/pr/1']) await writeFile(join(place, 'refs', ref), commit)
  for (const [path, blob] of Object.entries(files)) {
    await writeFile(join(place, 'blobs', blob), content)
    await symlink(`${'../'.repeat(path.split('/').length + 1)}blobs/${blob}`, join(place, 'snapshots', commit, path))
  }
}

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'resnet-ts-cache-'))
  await layOut('timm/a', { 'model.safetensors': sha256, 'onnx/model.onnx': 'some-etag', 'config.json': gitOid })
  await layOut('timm/b', { 'model.safetensors': sha256 })
  await mkdir(join(cacheDir, 'datasets--timm--c'))
  await writeFile(join(cacheDir, 'version.txt'), '1')
})
afterEach(() => rm(cacheDir, { recursive: true }))

test('lists every file of every model, with the names of its commit', async () => {
  const listed = await listCache({ cacheDir, torchHome: cacheDir })
  expect(listed.map(({ repo, path, size }) => [repo, path, size])).toEqual([
    ['timm/a', 'config.json', 7],
    ['timm/a', 'model.safetensors', 7],
    ['timm/a', 'onnx/model.onnx', 7],
    ['timm/b', 'model.safetensors', 7],
  ])
  expect(listed[0]).toMatchObject({ commit, revisions: ['main', 'refs/pr/1'] })
  expect(await listCache({ cacheDir: join(cacheDir, 'none'), torchHome: cacheDir })).toEqual([])
})

test('lists, verifies and clears files of torchvision', async () => {
  const torchHome = join(cacheDir, 'torch')
  const folder = join(torchHome, 'hub', 'checkpoints')
  const options = { cacheDir: join(cacheDir, 'none'), torchHome }
  const [sound, damaged, other] = [`resnet18-${sha256.slice(0, 8)}.pth`, 'resnet50-11ad3fa6.pth', 'mine.pth']
  await mkdir(folder, { recursive: true })
  for (const name of [
    sound,
    damaged,
    other,
    `${damaged}.resnet-ts.incomplete`,
    'vgg16-397923af.pth.resnet-ts.incomplete',
  ])
    await writeFile(join(folder, name), content)
  const listed = await listCache(options)
  expect(listed.map(({ repo, path, size }) => [repo, path, size])).toEqual([
    [undefined, sound, 7],
    [undefined, damaged, 7],
  ])
  expect(await Promise.all(listed.map((file) => verifyCached(file)))).toEqual(['verified', 'damaged'])
  expect(await clearCache(damaged, options)).toBe(14)
  expect((await readdir(folder)).sort()).toEqual([other, sound, 'vgg16-397923af.pth.resnet-ts.incomplete'])
  expect(await clearCache(undefined, options)).toBe(14)
  expect(await readdir(folder)).toEqual([other])
})

test('verifies each by the name of its content', async () => {
  const blobs = join(cacheDir, 'models--timm--b', 'blobs')
  await writeFile(join(blobs, sha256), 'weighty')
  const verdicts = async () =>
    Promise.all(
      (await listCache({ cacheDir, torchHome: cacheDir })).map(async (file) => [file.path, await verifyCached(file)]),
    )
  const whole = [
    ['config.json', 'verified'],
    ['model.safetensors', 'verified'],
    ['onnx/model.onnx', 'unverifiable'],
  ]
  expect(await verdicts()).toEqual([...whole, ['model.safetensors', 'damaged']])
  await rm(join(blobs, sha256))
  expect(await verdicts()).toEqual([...whole, ['model.safetensors', 'damaged']])
})

test('clears one model, or all, and nothing else', async () => {
  const torchHome = join(cacheDir, 'none')
  // Three of content, and two of one commit.
  expect(await clearCache('timm/a', { cacheDir, torchHome })).toBe(3 * content.length + 2 * commit.length)
  expect((await readdir(cacheDir)).sort()).toEqual(['datasets--timm--c', 'models--timm--b', 'version.txt'])
  await clearCache(undefined, { cacheDir, torchHome })
  expect((await readdir(cacheDir)).sort()).toEqual(['datasets--timm--c', 'version.txt'])
  expect(await clearCache('timm/a', { cacheDir: join(cacheDir, 'none') })).toBe(0)
})
