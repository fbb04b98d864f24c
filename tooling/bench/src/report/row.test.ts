import { expect, test } from 'vitest'
import type { Job, Outcome } from '../race/job.js'
import { rowOf } from './row.js'

const job: Job = {
  model: 'resnet18',
  batch: 8,
  threads: 2,
  us: 'wasm',
  memory: 'low',
  peer: 'litert',
  rounds: 3,
  warmUpRounds: 5,
  warmUpMilliseconds: 1000,
}
const side = { version: '1.0.0', device: '2 threads' }
const raced: Outcome = {
  state: 'raced',
  us: { name: 'wasm', ...side },
  peer: { name: 'litert', ...side },
  usTimes: [10, 12, 20],
  peerTimes: [20, 20, 20],
  agreement: { worst: 1e-6 },
}

test('a race is a row of medians, and of the median of the ratios of its rounds', () => {
  expect(rowOf(job, 'chromium', 'Chromium 1', raced)).toEqual({
    model: 'resnet18',
    batch: 8,
    threads: 2,
    runtime: 'chromium',
    us: 'wasm',
    peer: 'litert',
    usMs: 12,
    peerMs: 20,
    ratio: 0.6,
    state: 'raced',
    reason: null,
    spread: { us: [11, 16], peer: [20, 20], ratio: [0.55, 0.8] },
    rounds: 3,
    size: null,
    memory: 'low',
    worstError: 1e-6,
    usVersion: '1.0.0',
    peerVersion: '1.0.0',
    usDevice: '2 threads',
    peerDevice: '2 threads',
    runtimeVersion: 'Chromium 1',
  })
})

test('the ratio is that of times that were measured one after the other, not of the medians', () => {
  // The machine grew slower: each round has a ratio of a half, but the medians are of different rounds.
  const drifting = { ...raced, usTimes: [10, 20, 30, 40], peerTimes: [20, 40, 60, 80] }
  expect(rowOf(job, 'node', '', drifting).ratio).toBe(0.5)
})

test('a race whose outputs differ is void, and has no times', () => {
  const outcome = { ...raced, agreement: { worst: 0.5, disagreement: 'outputs differ: 1 against 2 at 0 of 9' } }
  expect(rowOf(job, 'node', '', outcome)).toMatchObject({
    state: 'void',
    usMs: null,
    peerMs: null,
    ratio: null,
    spread: null,
    worstError: 0.5,
    reason: 'outputs differ: 1 against 2 at 0 of 9; at most 0.001 of 1 + |x| is allowed',
  })
})

test('a peer that cannot run has a row that says why', () => {
  const outcome: Outcome = { state: 'unsupported', reason: 'it has no grouped convolution' }
  const row = rowOf(job, 'node', '', outcome)
  expect(row).toMatchObject({
    state: 'unsupported',
    peer: 'litert',
    ratio: null,
    reason: 'it has no grouped convolution',
  })
})

test('who stands in for what was asked for is named', () => {
  const outcome = { ...raced, us: { name: 'tfjs-wasm', ...side } }
  expect(rowOf(job, 'node', '', outcome).us).toBe('tfjs-wasm')
})
