import { expect, test } from 'vitest'
import { runnerOf } from '../testing/runners.js'
import { race } from './race.js'

const images = { nhwc: Float32Array.of(1, 2, 3), nchw: Float32Array.of(3, 2, 1) }
const options = { rounds: 3, warmUpRounds: 1, warmUpMilliseconds: 0 }
const reversed = (input: Float32Array) => input.toReversed()

test('the sides take turns, and turns in going first; warm-up rounds are not timed', async () => {
  const asked: string[] = []
  const us = runnerOf('us', (input) => input, { asked })
  const peer = runnerOf('peer', reversed, { layout: 'nchw', asked })
  const { usTimes, peerTimes, agreement } = await race(us, peer, images, options)
  expect(asked).toEqual(['us', 'peer', 'peer', 'us', 'us', 'peer', 'peer', 'us'])
  expect([usTimes.length, peerTimes.length]).toEqual([3, 3])
  expect(agreement).toEqual({ worst: 0 })
})

test('a time is what the caller waits', async () => {
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
  const slow = { ...runnerOf('slow', (input) => input), run: (input: Float32Array) => wait(30).then(() => input) }
  const { usTimes, peerTimes } = await race(
    slow,
    runnerOf('quick', (input) => input),
    images,
    options,
  )
  // Timers may fire a millisecond early.
  for (const time of usTimes) expect(time).toBeGreaterThan(28)
  for (const time of peerTimes) expect(time).toBeLessThan(28)
})

test('the warm-up lasts as long as it should', async () => {
  const asked: string[] = []
  const us = runnerOf('us', (input) => input, { asked })
  const began = performance.now()
  await race(
    us,
    runnerOf('peer', (input) => input),
    images,
    { rounds: 1, warmUpRounds: 1, warmUpMilliseconds: 350 },
  )
  expect(performance.now() - began).toBeGreaterThan(350)
  expect(asked.length).toBeGreaterThan(2)
})

test('it ends when the outputs differ, in whatever round', async () => {
  let runs = 0
  const asked: string[] = []
  const us = runnerOf('us', (input) => input.map((value) => (++runs > 6 ? value + 0.1 : value)), { asked })
  const { agreement, usTimes } = await race(
    us,
    runnerOf('peer', (input) => input),
    images,
    options,
  )
  expect(agreement.disagreement).toMatch(/^outputs differ: 1\.1\d* against 1 at 0 of 3$/)
  expect(usTimes).toHaveLength(1)
  expect(asked).toHaveLength(3)
})
