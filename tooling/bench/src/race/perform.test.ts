import { expect, test } from 'vitest'
import { nowhere, racerOf, runnerOf } from '../testing/runners.js'
import type { Job } from './job.js'
import { perform } from './perform.js'
import type { Racer } from './runner.js'
import { installed } from './unsupported.js'

const job: Job = {
  model: 'test_resnet',
  batch: 2,
  size: 8,
  threads: 1,
  us: 'wasm',
  memory: 'default',
  peer: 'onnxruntime-web',
  rounds: 2,
  warmUpRounds: 0,
  warmUpMilliseconds: 0,
}

const sides = (us: Racer, peer: Racer) => ({ us: () => us, peer: async () => peer })

test('both sides are given the same images, and are disposed of in the end', async () => {
  const asked: string[] = []
  const sorted = (input: Float32Array) => input.toSorted()
  const us = racerOf(runnerOf('us', sorted, { asked }))
  const peer = racerOf(runnerOf('peer', sorted, { layout: 'nchw', asked }))
  const outcome = await perform(job, sides(us, peer), nowhere)
  expect(outcome).toMatchObject({
    state: 'raced',
    us: { name: 'us', version: '1.2.3', device: 'nothing' },
    peer: { name: 'peer' },
    agreement: { worst: 0 },
  })
  expect(asked.slice(-2)).toEqual(['peer disposed of', 'us disposed of'])
})

test('a peer that is not installed is an outcome', async () => {
  const name = 'no-such-package'
  const missing: Racer = { prepare: () => installed('peer', import(name)) }
  const outcome = await perform(job, sides(missing, missing), nowhere)
  expect(outcome.state).toBe('unsupported')
  expect(outcome).toHaveProperty(
    'reason',
    expect.stringMatching(/^peer: expected to be installed, found .*no-such-package/),
  )
})

test('what goes wrong is an outcome, and what was made ready is disposed of', async () => {
  const asked: string[] = []
  const broken: Racer = { prepare: () => Promise.reject(new Error('out of memory')) }
  const peer = racerOf(runnerOf('peer', (input) => input, { asked }))
  const outcome = await perform(job, sides(broken, peer), nowhere)
  expect(outcome).toEqual({ state: 'failed', reason: 'out of memory' })
  expect(asked).toEqual(['peer disposed of'])
})
