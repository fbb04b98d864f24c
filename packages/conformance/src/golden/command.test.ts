import { readFileSync } from 'node:fs'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { type Backend, type Tensor, tensor } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { backendFor, goldenCommand, selectRuns } from './command.js'
import { measure } from './measure.js'
import { goldenRunFamilies, goldenRuns } from './runs.js'

/** tfjs-wasm, but for what `spoil` does to each output. */
function spoiled(spoil: (output: Tensor) => Tensor): Backend {
  return {
    ...tfjsWasm(),
    async compile(graph, params) {
      const session = await tfjsWasm().compile(graph, params)
      return {
        ...session,
        async run(inputs) {
          const outputs = await session.run(inputs)
          return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, spoil(output)]))
        },
        describe: () => session.describe(),
        dispose: () => session.dispose(),
      }
    },
  }
}

/** Changes one value of an output, if it has as many. */
function changed(index: number, by: number) {
  return ({ shape, data }: Tensor) =>
    tensor(
      shape,
      data.map((value, at) => (at === index ? value + by : value)),
    )
}

/** Runs the command, and collects what it says and does. */
async function command(args: readonly string[], backend?: Backend) {
  const [printed, reported, saved]: [string[], string[], string[]] = [[], [], []]
  const exitCode = await goldenCommand(args, {
    print: (text) => printed.push(text),
    report: (text) => reported.push(text),
    save: (page) => saved.push(page),
    backendFor: () => backend ?? tfjsWasm(),
  })
  return { exitCode, printed: printed.join('\n'), reported: reported.join('\n'), saved }
}

const [run] = selectRuns(['test_resnet'])
const [maps] = selectRuns(["resnet18 num_classes=0 global_pool=''"])

describe('measure', () => {
  test('nothing is wrong with what is right, and the error is a part of what is allowed', async () => {
    const { faults, share, largestError, place } = await measure(run, 'optimised', tfjsWasm())
    expect(faults).toEqual([])
    expect(share).toBeLessThan(0.1)
    expect(share).toBeGreaterThan(0)
    expect(largestError).toBeGreaterThan(0)
    expect(place).toMatch(/^logits \d+$/)
  })

  test('one logit in a thousand that is off is found, and where', async () => {
    const measured = await measure(run, 'as written', spoiled(changed(123, 3e-4)))
    expect(measured.place).toBe('logits 123')
    expect(measured.share).toBeGreaterThan(1)
    expect(measured.largestError).toBeCloseTo(3e-4, 5)
    expect(measured.faults).toEqual([expect.stringMatching(/^logits: worst at 123 of 1000/)])
  })

  test('what one form may be off, the other may not', async () => {
    const backend = spoiled(changed(0, 1.8e-4))
    expect((await measure(run, 'as written', backend)).faults).toHaveLength(1)
    expect((await measure(run, 'optimised', backend)).faults).toEqual([])
  })

  test('a feature map is compared in the order of PyTorch, its first values one by one', async () => {
    // [1, 2, 2, 512] in ours: the value after the first in PyTorch's order is that of the next column.
    const measured = await measure(maps, 'as written', spoiled(changed(512, 1e-2)))
    expect(measured.place).toBe('features 1')
    expect(measured.share).toBeGreaterThan(1)
  })

  test('a feature map is compared beyond its first values by their mean', async () => {
    const measured = await measure(maps, 'as written', spoiled(changed(511, 10)))
    expect(measured.place).toBe('mean of |features|')
    expect(measured.faults).toHaveLength(1)
  })

  test('an output of another shape is a fault', async () => {
    const flat = spoiled(({ shape, data }) => tensor([...shape, 1], data))
    const { faults, share } = await measure(run, 'as written', flat)
    expect(faults).toEqual(['logits: shape [1, 1000, 1] instead of [1, 1000]'])
    expect(share).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('selectRuns', () => {
  test('all of them, by family, by name, by prefix; each once and in their order', () => {
    expect(selectRuns([])).toHaveLength(116)
    expect(goldenRunFamilies.map((family) => selectRuns([family]).length)).toEqual([80, 10, 22, 4])
    const names = selectRuns(['resnetrs*', 'resnetrs50', 'resnet18']).map(({ name }) => name)
    expect(names).toEqual(['resnet18', ...[101, 152, 200, 270, 350, 420, 50].map((layers) => `resnetrs${layers}`)])
  })

  test('names are unique', () => {
    const names = goldenRuns().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('what names nothing is refused', () => {
    expect(() => selectRuns(['resnet18', 'resnet19'])).toThrow("'resnet19'")
  })
})

describe('pnpm golden', () => {
  test('prints a table of some networks, and writes nothing', async () => {
    const { exitCode, printed, reported, saved } = await command(['test_resnet', 'cifar_resnet20-B'])
    expect(exitCode).toBe(0)
    expect(saved).toEqual([])
    expect(
      printed
        .split('\n')
        .slice(2)
        .map((line) => line.split('|')[1].trim()),
    ).toEqual(['test_resnet', 'cifar_resnet20-B'])
    expect(reported).toContain('[2/2] cifar_resnet20-B, 0.3 M, tfjs-wasm: as written')
    expect(reported).toContain('2 networks, 0 out of bounds')
    // Times are reported, not tabulated.
    expect(printed).not.toMatch(/\d s\b/)
  })

  test('exits with 1 when one is out of bounds, and says which and where', async () => {
    const { exitCode, reported } = await command(['test_resnet'], spoiled(changed(7, 1)))
    expect(exitCode).toBe(1)
    expect(reported).toMatch(/test_resnet, as written: logits: worst at 7 of 1000/)
    expect(reported).toMatch(/test_resnet, optimised: logits: worst at 7 of 1000/)
  })

  test('exits with 1 when one does not run at all', async () => {
    const broken: Backend = { ...tfjsWasm(), compile: () => Promise.reject(new Error('out of memory')) }
    const { exitCode, reported } = await command(['test_resnet'], broken)
    expect(exitCode).toBe(1)
    expect(reported).toContain('test_resnet, as written: out of memory')
  })

  test.each([[['resnet19']], [['--fast']]])('exits with 2 at %s', async (args) => {
    const { exitCode, reported, printed } = await command(args)
    expect(exitCode).toBe(2)
    expect(printed).toBe('')
    expect(reported).toContain('usage: pnpm golden')
  })

  test('the reference stands in for what does not fit into WebAssembly memory, and for nothing else', () => {
    const standIns = goldenRuns().filter((each) => backendFor(each).name !== 'tfjs-wasm')
    expect(standIns.map(({ name }) => name)).toEqual(['resnext101_32x32d'])
    expect(standIns.every(({ parameters }) => parameters > 150_000_000)).toBe(true)
  })
})

describe('docs/golden.md', () => {
  const page = readFileSync(new URL('../../../../docs/golden.md', import.meta.url), 'utf8')

  test('has a row of each network, all within bounds', () => {
    const rows = page.split('\n').filter((line) => /^\| \S+.* \| +\d+\.\d\d \|/.test(line))
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    expect(cells.map(([, name]) => name)).toEqual(goldenRuns().map(({ name }) => name))
    for (const [, name, , , asWritten, , , fused] of cells) {
      expect(Number.parseFloat(asWritten), name).toBeLessThanOrEqual(100)
      expect(Number.parseFloat(fused), name).toBeLessThanOrEqual(100)
    }
  })
})
