import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commitOf } from '@resnet-ts/testing/hub'
import { expect, it } from 'vitest'
import { commit, useHub, weights } from '../testing/hub.js'
import { errorsIn, executable, resnetIn, resnetOnTerminal, withoutTerminal } from '../testing/run.js'

const hub = useHub()
const download = (...args: readonly string[]) => resnetIn(hub.variables, 'download', ...args)
const location = () => join(hub.folder, 'hub/models--some--one/snapshots', commit, 'model.safetensors')

it('brings a model into the cache, from which it is taken without a network', async () => {
  const { code, stdout, stderr } = await download('some/one')
  expect(stdout).toBe(`some/one  1.09 MB  ${location()}\n`)
  expect(stderr).toBe("downloading 'model.safetensors', 1.09 MB\n")
  expect(code).toBe(0)
  expect(await readFile(location())).toEqual(weights)
  hub.server.seen.length = 0
  const offline = await resnetIn({ ...hub.variables, HF_HUB_OFFLINE: '1' }, 'download', 'hf:some/one', '--json')
  expect(JSON.parse(offline.stdout)).toEqual([
    { model: 'hf:some/one', files: [{ file: 'model.safetensors', size: weights.length, location: location() }] },
  ])
  expect(offline.stderr).toBe('')
  expect(hub.server.seen).toEqual([])
})

it('takes the file of torchvision that Python left', async () => {
  const place = join(hub.folder, 'torch/hub/checkpoints/resnet18-f37072fd.pth')
  await writeFile(place, 'weights')
  const { code, stdout } = await resnetIn(
    { ...hub.variables, HF_HUB_OFFLINE: '1' },
    'download',
    'resnet18.IMAGENET1K_V1',
  )
  expect(stdout).toBe(`resnet18.IMAGENET1K_V1  7 B  ${place}\n`)
  expect(code).toBe(0)
})

it('has nothing to do for embedded weights', async () => {
  const { code, stdout, stderr } = await download('cifar_resnet20')
  expect(stdout).toBe('')
  expect(stderr).toBe("the weights of 'cifar_resnet20' come with the command\n")
  expect(code).toBe(0)
})

it('tells what cannot be had, and brings the rest', async () => {
  const { code, stdout, stderr } = await download('some/none', 'resnet1', 'cifar_resnet56', 'some/one@v9', 'some/one')
  expect(errorsIn(stderr)).toEqual([
    expect.stringMatching(/^error: 'some\/none'.*HF_TOKEN.*\.$/),
    expect.stringMatching(/^error: model 'resnet1': .*nearest names/),
    expect.stringMatching(/^error: model 'cifar_resnet56': expected weights, found none embedded or published/),
    expect.stringMatching(/^error: 'some\/one', file .*no revision 'v9' but main, v1\.0/),
  ])
  expect(stdout).toMatch(/^some\/one /)
  expect(code).toBe(1)
})

it('is interrupted by Ctrl-C, and goes on from there', async () => {
  hub.server.faults.push({ on: 'host', silent: 500_000 })
  const env = { ...process.env, ...hub.variables }
  const child = spawn(process.execPath, [executable, 'download', 'some/one'], { env })
  const begun = new Promise((resolve) => child.stderr.once('data', resolve))
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  await begun
  // What the server has sent is on its way to the disk.
  await new Promise((resolve) => setTimeout(resolve, 300))
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(said).toMatch(/^interrupted$/m)
  expect(said).not.toMatch(/error/)
  const blobs = await readdir(join(hub.folder, 'hub/models--some--one/blobs'))
  expect(blobs.filter((name) => /^[0-9a-f]{64}/.test(name))).toEqual([expect.stringMatching(/\.incomplete$/)])
  expect((await download('some/one')).code).toBe(0)
  const ranges = hub.server.seen.filter(({ on }) => on === 'host').map(({ headers }) => headers.range)
  expect(ranges).toEqual([undefined, 'bytes=500000-'])
  expect(await readFile(location())).toEqual(weights)
})

it.skipIf(withoutTerminal)(
  `draws a bar on a terminal${withoutTerminal ? ` (skipped: ${withoutTerminal})` : ''}`,
  async () => {
    const { code, output } = await resnetOnTerminal(hub.variables, '', 'download', 'some/one')
    expect(output).toMatch(/model\.safetensors [█░]+ \d+ % {2}.* of 1\.09 MB/)
    expect(output).toContain(location())
    expect(code).toBe(0)
  },
)

it('shows a download that another command needs', async () => {
  hub.server.repositories['some/one']!.commit = commitOf('b')
  const { code, stderr } = await resnetIn(hub.variables, 'inspect', 'hf:some/one')
  expect(stderr).toBe("downloading 'model.safetensors', 1.09 MB\n")
  expect(code).toBe(0)
  expect(existsSync(location().replace(commit, commitOf('b')))).toBe(true)
})
