import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { peersInPage } from '../../peers/inPage.js'
import type { PeerName } from '../../peers/names.js'
import type { Job } from '../../race/job.js'
import type { RaceRuntime } from '../runtime.js'
import { chromiumExecutable } from './executable.js'
import { openChromium } from './open.js'

function missing(): string | undefined {
  try {
    chromiumExecutable()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const withoutChromium = missing()
const { signal } = new AbortController()
const job: Job = {
  model: 'test_resnet',
  batch: 2,
  size: 32,
  threads: 1,
  us: 'wasm',
  memory: 'default',
  peer: 'onnxruntime-web',
  rounds: 2,
  warmUpRounds: 1,
  warmUpMilliseconds: 0,
}

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let chromium: RaceRuntime
  beforeAll(async () => {
    chromium = await openChromium()
  })
  afterAll(() => chromium?.close())

  test.each(Object.keys(peersInPage) as PeerName[])(
    '%s computes what ours does, on two threads if it can',
    async (peer) => {
      const threads = peer === 'tfjs-wasm' ? 1 : 2
      const outcome = await chromium.perform({ ...job, peer, threads }, signal)
      expect(outcome).toMatchObject({ state: 'raced', peer: { name: peer } })
      if (outcome.state !== 'raced') return
      expect(outcome.agreement.disagreement).toBeUndefined()
      expect(outcome.agreement.worst).toBeLessThan(1e-5)
      expect(outcome.peer.version).toMatch(/^\d+\.\d+\.\d+/)
      expect(outcome.peer.device).toContain(threads === 1 ? '1 thread' : '2 threads')
    },
  )

  test('a peer of Node is refused', async () => {
    const outcome = await chromium.perform({ ...job, peer: 'onnxruntime-node' }, signal)
    expect(outcome).toEqual({ state: 'unsupported', reason: 'onnxruntime-node: expected Node, found a page.' })
  })

  test('it ends when the signal is aborted', async () => {
    const interruption = new AbortController()
    setTimeout(() => interruption.abort(new Error('interrupted')), 300)
    const performed = chromium.perform({ ...job, rounds: 100_000 }, interruption.signal)
    await expect(performed).rejects.toThrow('interrupted')
  })
})
