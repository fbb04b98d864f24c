import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, type Site, serveFolder, softwareWebgpu, withoutChromium } from '@resnet-ts/testing/chromium'
import { expectClose } from '@resnet-ts/testing/close'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputsOnCpu } from './testing/cpu.js'
import type { Scenarios } from './testing/page/main.js'
import { network } from './testing/page/network.js'

type PlainOutputs = Awaited<ReturnType<Scenarios['computes']>>['outputs']

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let folder: string
  let site: Site
  let browser: Browser
  let page: Page
  let expected: Awaited<ReturnType<typeof outputsOnCpu>>
  const said: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-webgpu-'))
    const root = fileURLToPath(new URL('testing/page', import.meta.url))
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
      worker: { format: 'es' },
    })
    site = await serveFolder(folder)
    browser = await launch(softwareWebgpu)
    page = await browser.newPage()
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', ({ message }) => said.push(message))
    await page.goto(site.url)
    await page.waitForFunction(() => 'scenarios' in globalThis)
    expected = await outputsOnCpu()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await rm(folder, { recursive: true })
  })

  function play<Name extends keyof Scenarios>(name: Name): Promise<Awaited<ReturnType<Scenarios[Name]>>> {
    return page.evaluate(
      (key) => (globalThis as unknown as { scenarios: Scenarios }).scenarios[key](),
      name,
    ) as Promise<Awaited<ReturnType<Scenarios[Name]>>>
  }

  function expectRight(outputs: PlainOutputs, tolerance?: number): void {
    expect(Object.keys(outputs)).toEqual(Object.keys(expected))
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(outputs[name].shape).toEqual(shape)
      expectClose(outputs[name].data, data, tolerance)
    }
  }

  it('computes what tfjs does in JavaScript, and describes itself', async () => {
    const { outputs, description } = await play('computes')
    expectRight(outputs)
    expect(description).toMatchObject({
      backend: 'webgpu',
      device: expect.stringMatching(/^WebGPU on .*\w.*, 32-bit floats$/),
      notes: [
        'A software adapter: the processor computes, slowly.',
        expect.stringMatching(/^Limits: \S+ GiB a buffer, \S+ KiB and \d+ invocations a workgroup\.$/),
        expect.stringMatching(/^Features of the adapter: .+\.$/),
      ],
    })
    // The weights alone are more.
    expect(description.memoryBytes).toBeGreaterThan(4 * (16 * 27 + 16 * 36 + 256 + 160))
  })

  it('computes in a worker', async () => {
    expectClose((await play('inWorker')) as number[], expected.probabilities.data)
  })

  it('uploads weights once, compiles before the first run, dispatches once a node, and reads once a run', async () => {
    const { compile, first, second, disposed, again, devices } = await play('counts')
    // Dropout acts while training only.
    const computed = network().nodes.filter(({ op }) => op !== 'input' && op !== 'dropout').length
    const image = 4 * 32 * 32 * 3
    const outputs = 4 * (16 * 16 * 16 + 10)
    expect(compile).toMatchObject({ devices: 1, dispatches: 0, readbacks: 0 })
    expect(compile.pipelines).toBeGreaterThan(0)
    for (const run of [first, second]) {
      expect(run).toMatchObject({ devices: 0, pipelines: 0, dispatches: computed, readbacks: 1, readBytes: outputs })
      // The image, and the uniforms of each dispatch.
      expect(run.uploadedBytes - image).toBeGreaterThan(0)
      expect(run.uploadedBytes - image).toBeLessThan(512 * computed)
    }
    expect(second.allocatedBytes).toBeLessThanOrEqual(image + outputs)
    // Another session goes on with the same device and the same shaders; the weights of the first are gone.
    expect(devices).toBe(2)
    expect(disposed.destroyedBytes).toBeGreaterThan(4 * (16 * 27 + 16 * 36 + 256 + 160))
    expect(again).toMatchObject({ devices: 0, pipelines: 0, dispatches: computed, readbacks: 1 })
  })

  it('begins before there is a network, and ends what was begun for none', async () => {
    const { outputs, left, devices } = await play('begins')
    expectRight(outputs)
    expect(left).toEqual([0, 0])
    expect(devices).toBe(2)
  })

  it('a lost device is told, by a run under way too, and a new session works', async () => {
    const { during, after, outputs, still } = await play('loss')
    const told =
      /^BackendError: backend 'webgpu': expected its GPU device, found that it was lost.*; compile the graph again\.$/
    expect(during).toMatch(told)
    expect(after).toMatch(told)
    expectRight(outputs)
    expectRight(still)
  })

  it('says why there is no adapter or no device', async () => {
    const { reasons, compiles } = await play('absence')
    const found = [
      'no GPU that the browser would use; chrome://gpu or about:support tell why',
      'no WebGPU here',
      'driver trouble',
    ]
    expect(reasons).toEqual([
      ...found.map((reason) => ({ available: false, reason })),
      { available: true, device: expect.stringMatching(/^WebGPU on .*\w.*, 32-bit floats$/) },
    ])
    expect(compiles).toEqual([
      ...found.map((reason) => `BackendError: backend 'webgpu': expected a WebGPU adapter, found ${reason}.`),
      "BackendError: backend 'webgpu': expected a WebGPU device, found too busy.",
    ])
  })

  it('says which node an adapter is too small for, and goes on with what fits', async () => {
    const { weights, value, rest } = await play('smallBuffers')
    const most = 'expected at most 2 MiB, all that a buffer of this adapter holds'
    expect(weights).toBe(
      `BackendError: the weights of node 'fc' (linear): ${most}, found 4 MiB; compute with another backend.`,
    )
    expect(value).toBe(
      `BackendError: the value of node 'stem' (conv2d): ${most}, found 4 MiB; compute with another backend.`,
    )
    expect(rest).toBe('nothing was thrown')
  })

  it('leaves tfjs as it was, during runs and after', async () => {
    expect(await play('besideOthers')).toEqual({
      seen: ['cpu', 'cpu'],
      theirSum: [2, 4, 6],
      tensorsLeft: 0,
      backendsLeft: 0,
      compilesOnly: false,
    })
  })

  it('16-bit floats are used where the adapter has them, and it says where it has not', async () => {
    const { outputs, description, has } = await play('f16')
    expect(description.device).toContain(has ? '16-bit floats' : '32-bit floats')
    if (!has) expect(description.notes).toContain("32-bit floats: the adapter has no 'shader-f16'.")
    expectRight(outputs, has ? 1e-2 : undefined)
  })

  it('says nothing on the console', () => {
    expect(said).toEqual([])
  })
})
