import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BackendError, GraphBuilder, imagenetPreprocess, OptionError } from '@resnet-ts/graph'
import { initialise } from '@resnet-ts/zoo'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type LoadOptions, load } from '../index.js'
import { type Player, stage } from '../testing/stage.js'
import { version } from '../version.js'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'resnet-ts-fastest-'))
  vi.stubEnv('XDG_CACHE_HOME', home)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true })
})

/** A network that takes no time. */
function small(classes = 4) {
  const g = new GraphBuilder('small')
  const image = g.input('image', { channels: 3 })
  g.output('logits', g.globalPool(g.conv2d(image, { name: 'conv', channels: classes, kernel: 1 })))
  return g.build()
}

const fastestOf = (players: readonly Player[], options: LoadOptions = {}, graph = small()) =>
  load(graph, {
    backends: players.map(({ backend }) => backend),
    choose: 'fastest',
    weights: initialise(graph),
    preprocess: { ...imagenetPreprocess, size: [4, 6] },
    ...options,
  })
const folder = () => join(home, 'resnet-ts', 'fastest')
const countOf = (player: Player, event: string) => player.events.filter((each) => each === event).length
const broken = new BackendError({ subject: 'the GPU', expected: 'memory', found: 'none left' })

describe('the fastest backend', () => {
  test('is measured on the network, stays compiled, and the others are freed', async () => {
    const { player, live } = stage()
    const players = [player('slow', { delay: 60 }), player('quick'), player('slower', { delay: 120 })]
    const model = await fastestOf(players)
    const { backend, notes } = model.describe()
    expect(backend).toBe('quick')
    expect(notes[0]).toMatch(
      /^The fastest, measured: quick takes [\d.]+ ms an image, slow takes [\d.]+ ms an image, slower takes [\d.]+ ms an image\.$/,
    )
    const times = notes[0]!.match(/[\d.]+(?= ms)/g)!.map(Number)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[2]! - times[0]!).toBeGreaterThan(60)
    expect(players.map((each) => countOf(each, 'compile'))).toEqual([1, 1, 1])
    expect(live()).toEqual(['quick'])
    await model.dispose()
    expect(live()).toEqual([])
  })

  test('is remembered: another load measures nothing, and opens nothing else', async () => {
    const { player } = stage()
    const players = [player('slow', { delay: 60, device: 'a GPU' }), player('quick', { device: '2 threads' })]
    const first = await fastestOf(players)
    await first.dispose()
    const [file, ...others] = await readdir(folder())
    expect(others).toEqual([])
    const kept = JSON.parse(await readFile(join(folder(), file!), 'utf8'))
    expect(kept.key).toContain(`resnet-ts ${version}; `)
    expect(kept.key).toContain(
      '; small, 12 parameters, 288 multiplications on 1×4×6×3; slow (a GPU); quick (2 threads)',
    )
    for (const each of players) each.events.length = 0
    const second = await fastestOf(players)
    expect(second.describe().backend).toBe('quick')
    expect(second.describe().notes).toEqual([first.describe().notes[0]!.replace('measured', 'as was measured before')])
    expect(players.map(({ events }) => events)).toEqual([['asked'], ['asked', 'compile']])
    await second.dispose()
  })

  test('is measured again for another network, another device or other backends', async () => {
    const { player } = stage()
    const slow = player('slow', { delay: 60 })
    const quick = player('quick')
    const runs: number[] = []
    const measuredRuns = async (players: readonly Player[], graph = small()) => {
      slow.events.length = 0
      const model = await fastestOf(players, {}, graph)
      await model.dispose()
      runs.push(Math.min(1, countOf(slow, 'run')))
    }
    await measuredRuns([slow, quick])
    await measuredRuns([slow, quick])
    await measuredRuns([slow, quick], small(5))
    quick.play({ device: '4 threads' })
    await measuredRuns([slow, quick])
    await measuredRuns([quick, slow])
    await measuredRuns([slow, quick])
    expect(runs).toEqual([1, 0, 1, 1, 1, 0])
  })

  test.each([
    ['no JSON', () => 'half of'],
    ['the memory of another key', (text: string) => text.replace('small', 'smaller')],
    ['no outcomes', (text: string) => text.replace(/"value": \[.*\]/s, '"value": {}')],
    ['too few', (text: string) => text.replace(/,\s*\{[^{]*\}\s*\]/, ']')],
    ['outcomes without times', (text: string) => text.replaceAll('milliseconds', 'seconds')],
    ['null', () => 'null'],
  ])('is measured again where what is remembered is %s, and remembered anew', async (_, damage) => {
    const { player } = stage()
    const players = [player('slow', { delay: 60 }), player('quick')]
    await (await fastestOf(players)).dispose()
    const [file] = await readdir(folder())
    const path = join(folder(), file!)
    const text = await readFile(path, 'utf8')
    await writeFile(path, damage(text))
    expect(await readFile(path, 'utf8')).not.toBe(text)
    const model = await fastestOf(players)
    expect(model.describe().notes[0]).toMatch(/^The fastest, measured: quick/)
    await model.dispose()
    expect(await readdir(folder())).toEqual([file])
    expect(JSON.parse(await readFile(path, 'utf8')).key).toBe(JSON.parse(text).key)
  })

  test('needs no memory', async () => {
    await writeFile(join(home, 'resnet-ts'), 'a file where a folder should be')
    const { player } = stage()
    const model = await fastestOf([player('slow', { delay: 60 }), player('quick')])
    expect(model.describe().backend).toBe('quick')
    await model.dispose()
  })

  test('is not measured where one alone is available', async () => {
    const { player } = stage()
    const only = player('only')
    const model = await fastestOf([player('gpu', { absent: 'no adapter' }), only])
    expect(model.describe()).toMatchObject({ backend: 'only', notes: ['Not on gpu: no adapter.'] })
    expect(only.events).toEqual(['asked', 'compile'])
    await model.dispose()
  })

  test.each(['compiling', 'running'] as const)(
    'is not one that fails in %s, which is told and remembered',
    async (how) => {
      const { player, live } = stage()
      const failing = player('gpu', { [how]: broken })
      const players = [failing, player('slow', { delay: 60 }), player('quick')]
      const notes = [
        expect.stringMatching(/^The fastest, .*measured.*: quick .*, slow [^,]*\.$/),
        'Not on gpu: the GPU: expected memory, found none left.',
      ]
      for (const _ of ['measured', 'remembered']) {
        const model = await fastestOf(players)
        expect(model.describe()).toMatchObject({ backend: 'quick', notes })
        expect(live()).toEqual(['quick'])
        await model.dispose()
      }
      expect(countOf(failing, 'compile')).toBe(1)
    },
  )

  test('is not one that takes too long, even if it does not heed its signal', async () => {
    const { player } = stage()
    const patient = player('patient', { delay: 60_000 })
    const start = performance.now()
    const model = await fastestOf([patient, player('endless', { endless: true }), player('quick')])
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(model.describe().backend).toBe('quick')
    expect(model.describe().notes[0]).toMatch(/: quick takes .*, patient more than 500 ms, endless more than 500 ms\.$/)
    await model.dispose()
  })

  test('is found among those that all take long', async () => {
    const { player, live } = stage()
    const model = await fastestOf([player('slower', { delay: 900 }), player('slow', { delay: 650 })])
    expect(model.describe().backend).toBe('slow')
    expect(live()).toEqual(['slow'])
    await model.dispose()
  })

  test('leaves it to the next fastest, when it fails later', async () => {
    const { player } = stage()
    const quick = player('quick')
    const model = await fastestOf([player('slower', { delay: 120 }), player('slow', { delay: 60 }), quick])
    quick.play({ running: broken })
    await model.classify(await readFile(new URL('../../../../examples/chelsea.png', import.meta.url)))
    expect(model.describe().backend).toBe('slow')
    expect(model.describe().notes).toContain('Not on quick: the GPU: expected memory, found none left.')
    await model.dispose()
  })

  test('is none where all fail, with all reasons, and nothing is remembered', async () => {
    const { player, live } = stage()
    const attempt = fastestOf([player('gpu', { compiling: broken }), player('npu', { running: broken })])
    await expect(attempt).rejects.toThrow(BackendError)
    const reason = 'the GPU: expected memory, found none left'
    await expect(attempt).rejects.toThrow(`computes the network, found gpu: ${reason}; npu: ${reason}.`)
    expect(live()).toEqual([])
    await expect(readdir(folder())).rejects.toThrow('ENOENT')
  })

  test('an error that is not a backend’s ends the loading, and frees what was compiled', async () => {
    const { player, live } = stage()
    const error = new OptionError({ subject: 'x', expected: 'y', found: 'z' })
    await expect(fastestOf([player('quick'), player('wrong', { running: error })])).rejects.toBe(error)
    expect(live()).toEqual([])
  })

  test('a signal ends the measuring, and frees what was compiled', async () => {
    const { player, live } = stage()
    const controller = new AbortController()
    const slow = player('slow', { delay: 60_000 })
    const attempt = fastestOf([player('quick'), slow], { signal: controller.signal })
    await vi.waitFor(() => expect(slow.events).toContain('run'), 5_000)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(attempt).rejects.toBe(reason)
    expect(live()).toEqual([])
    await expect(readdir(folder())).rejects.toThrow('ENOENT')
  })
})
