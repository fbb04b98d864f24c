import { expect, test } from 'vitest'
import { engineWays } from './engines.js'
import { bounds, measure } from './measure.js'
import { modelRun } from './runs.js'

test('the engine runs in every way that there is here, on as many threads as its name says', async () => {
  const ways = await engineWays()
  const names = ways.map(({ name }) => name)
  expect([2, 4]).toContain(names.length)
  expect(names).toEqual(
    ['SIMD, 1 thread', 'SIMD, 2 threads', 'relaxed SIMD, 1 thread', 'relaxed SIMD, 2 threads'].slice(0, names.length),
  )
  const run = modelRun('cifar_resnet20-B', 'cifar')
  for (const { name, backend } of ways) {
    expect((await measure(run, 'optimised', backend, bounds['as written'])).faults, name).toEqual([])
    const session = await backend.compile(run.network.graph, run.network.params)
    expect(session.describe().device.endsWith(name.split(', ')[1])).toBe(true)
    await session.dispose()
  }
})
