import { createHash } from 'node:crypto'
import { readdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { commit, useHub, weights } from '../testing/hub.js'
import { errorsIn, resnetIn, resnetOnTerminal, withoutTerminal } from '../testing/run.js'

const hub = useHub()
const torchFile = `resnet18-${createHash('sha256').update('weights').digest('hex').slice(0, 8)}.pth`
const torchFolder = () => join(hub.folder, 'torch/hub/checkpoints')
const hubFolder = () => join(hub.folder, 'hub')
const cache = (...args: readonly string[]) => resnetIn(hub.variables, 'cache', ...args)
const snapshot = (file: string) => join(hubFolder(), 'models--some--one/snapshots', commit, file)

beforeEach(async () => {
  await resnetIn(hub.variables, 'download', 'some/one')
  await writeFile(join(torchFolder(), torchFile), 'weights')
  await writeFile(join(torchFolder(), 'mine.pth'), 'not published')
})

describe('resnet cache list', () => {
  it('lists models with their sizes', async () => {
    const { code, stdout, stderr } = await cache('list')
    expect(stdout.split('\n')).toEqual([
      'model                  files     size  revisions',
      'some/one                   2  1.09 MB  main',
      `${torchFile}      1      7 B`,
      '',
      `2 models, 1.09 MB in ${hubFolder()} and ${torchFolder()}`,
      '',
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('lists the files of one', async () => {
    const { code, stdout } = await cache('list', 'some/one', '--json')
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ model: 'some/one', file: 'config.json', commit, revisions: ['main'] }),
      expect.objectContaining({
        file: 'model.safetensors',
        size: weights.length,
        location: snapshot('model.safetensors'),
      }),
    ])
    expect(code).toBe(0)
    expect((await cache('list', torchFile)).stdout).toContain(join(torchFolder(), torchFile))
  })

  it.each([
    ['resnet50', /^error: model 'resnet50': expected one in the cache, found none; see what is there/],
    ['some/other', /^error: model 'some\/other': expected one in the cache/],
    ['resnet1', /nearest names/],
    ['cifar_resnet56', /expected one that is published/],
  ])('tells that %s is not there', async (name, said) => {
    const { code, stdout, stderr } = await cache('list', name)
    expect(errorsIn(stderr)).toEqual([expect.stringMatching(said)])
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('resnet cache verify', () => {
  it('finds all well', async () => {
    const { code, stdout, stderr } = await cache('verify')
    expect(stdout.match(/^verified +some\/one +(config\.json|model\.safetensors) /gm)).toHaveLength(2)
    expect(stdout).toMatch(new RegExp(`^verified +${torchFile} `, 'm'))
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('finds what is damaged, and says what to do', async () => {
    await writeFile(await realpath(snapshot('model.safetensors')), Buffer.alloc(weights.length))
    const { code, stdout, stderr } = await cache('verify', 'some/one', '--json')
    expect(JSON.parse(stdout)).toMatchObject([
      { verdict: 'verified' },
      { file: 'model.safetensors', verdict: 'damaged' },
    ])
    expect(errorsIn(stderr)).toEqual([
      expect.stringMatching(/^error: 'some\/one', file 'model\.safetensors': .*run: resnet cache clear some\/one/),
    ])
    expect(code).toBe(1)
  })
})

describe('resnet cache clear', () => {
  it('removes the named model', async () => {
    const { code, stdout } = await cache('clear', 'some/one@main')
    expect(stdout).toMatch(/^removed 1\.09 MB\n$/)
    expect(code).toBe(0)
    expect(await readdir(hubFolder())).not.toContain('models--some--one')
    expect(JSON.parse((await cache('clear', torchFile, '--json')).stdout)).toEqual({ bytes: 7 })
    expect(await readdir(torchFolder())).toEqual(['mine.pth'])
    expect((await cache('clear', 'resnet50')).stdout).toBe('nothing was there\n')
  })

  it('removes all only when it is told to', async () => {
    const { code, stdout, stderr } = await cache('clear')
    expect(errorsIn(stderr)).toEqual([expect.stringMatching(/terminal to ask it at, found none; .*--yes/)])
    expect([code, stdout]).toEqual([1, ''])
    expect(await readdir(torchFolder())).toHaveLength(2)
    const confirmed = await cache('clear', '--yes')
    expect([confirmed.code, confirmed.stdout]).toEqual([0, 'removed 1.09 MB\n'])
    expect(await readdir(torchFolder())).toEqual(['mine.pth'])
    expect((await cache('list')).stdout).toMatch(/^0 models, 0 B in /)
  })

  it.skipIf(withoutTerminal)(
    `asks at a terminal${withoutTerminal ? ` (skipped: ${withoutTerminal})` : ''}`,
    async () => {
      const question = /Remove 2 models, 1\.09 MB, those that Python put there too\? \[y\/N\]/
      for (const [answer, code, left] of [
        ['\n', 0, 2],
        ['no\n', 0, 2],
        ['\x03', 130, 2],
        ['\x04', 0, 2],
        ['y\n', 0, 1],
      ] as const) {
        const run = await resnetOnTerminal(hub.variables, answer, 'cache', 'clear')
        expect(run.output).toMatch(question)
        expect([answer, run.code]).toEqual([answer, code])
        expect(await readdir(torchFolder())).toHaveLength(left)
      }
    },
  )
})
