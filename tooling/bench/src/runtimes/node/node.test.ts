import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { peersInNode } from '../../peers/inNode.js'
import type { PeerName } from '../../peers/names.js'
import type { Job } from '../../race/job.js'
import { ask } from './ask.js'
import { openNode } from './open.js'

const { signal } = new AbortController()
const job: Job = {
  model: 'test_resnet',
  batch: 2,
  size: 32,
  threads: 1,
  us: 'reference',
  memory: 'default',
  peer: 'onnxruntime-web',
  rounds: 2,
  warmUpRounds: 1,
  warmUpMilliseconds: 0,
}

describe('in processes of Node', () => {
  test.each(Object.keys(peersInNode) as PeerName[])('%s computes what the reference does', async (peer) => {
    const node = await openNode()
    const outcome = await node.perform({ ...job, peer }, signal)
    expect(outcome).toMatchObject({ state: 'raced', us: { name: 'reference' }, peer: { name: peer } })
    if (outcome.state !== 'raced') return
    expect(outcome.agreement.disagreement).toBeUndefined()
    expect(outcome.agreement.worst).toBeLessThan(1e-5)
    expect(outcome.peer.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(outcome.usTimes).toHaveLength(2)
  })

  test('grouped convolutions are refused for tfjs-wasm, and two threads', async () => {
    const node = await openNode()
    const grouped = await node.perform({ ...job, model: 'resnext50_32x4d', peer: 'tfjs-wasm' }, signal)
    expect(grouped).toMatchObject({
      state: 'unsupported',
      reason: expect.stringMatching(/without grouped conv.*groups/),
    })
    const threads = await node.perform({ ...job, threads: 2, peer: 'tfjs-wasm' }, signal)
    expect(threads).toMatchObject({
      state: 'unsupported',
      reason: expect.stringContaining('expected 1 thread, found 2'),
    })
  })

  test('a peer of pages is refused', async () => {
    const outcome = await (await openNode()).perform({ ...job, peer: 'litert' }, signal)
    expect(outcome).toEqual({ state: 'unsupported', reason: 'litert: expected a page, found Node.' })
  })

  test('what is no Node is refused', async () => {
    await expect(openNode('/nowhere/node')).rejects.toThrow('--node /nowhere/node: expected the path of Node')
  })
})

describe('a process that is asked', () => {
  let folder: string
  const module = (code: string) => {
    const path = join(folder, `${code.length}.mjs`)
    writeFileSync(path, code)
    return path
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resnet-bench-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('and ends without an answer tells what it said last', async () => {
    const path = module("console.error('no memory left'); process.exitCode = 3")
    expect(await ask(process.execPath, path, {}, signal)).toEqual({
      failure: 'its process ended with the exit code 3, and had said: no memory left',
    })
  })

  test('ends when the signal is aborted', async () => {
    const interruption = new AbortController()
    const asked = ask(process.execPath, module('setInterval(() => {}, 1000)'), {}, interruption.signal)
    setTimeout(() => interruption.abort(new Error('interrupted')), 200)
    await expect(asked).rejects.toThrow('interrupted')
  })
})
