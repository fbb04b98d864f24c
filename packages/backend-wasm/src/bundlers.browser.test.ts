import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { SessionDescription } from '@resnet-ts/graph'
import { isolation, launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { createServer } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, writeApp } from './testing/app.js'
import {
  type Bundler,
  buildWithEsbuild,
  buildWithRolldown,
  buildWithVite,
  buildWithWebpack,
} from './testing/bundlers.js'
import {
  binariesIn,
  computeIn,
  type EngineOptions,
  type EnginePage,
  expectNoWorkers,
  expectRight,
  openEngine,
  policy,
  startOwnWorker,
} from './testing/enginePage.js'

/** The engine with the kernels that one page loads, compressed, in bytes: so much at most. */
const mostBytes = 80 * 1024

const inPlace =
  /^On the calling thread, .* no worker could be started \(.+\); the option 'workerUrl' says where the package's worker\.js is served\.$/
/** An entry besides the page's own, which comes to lie beside it. */
const entries = { main: 'main.js', worker: '@resnet-ts/backend-wasm/worker.js' }
const classic = buildWithEsbuild({ format: 'iife', logOverride: { 'empty-import-meta': 'silent' } })

const isolated = { ...policy, ...isolation }
const alone = {
  headers: policy,
  binary: 'relaxed',
  device: 'WebAssembly relaxed SIMD, 1 thread',
  notes: ['One thread: memory cannot be shared, since the page is not cross-origin isolated.'],
}
const shared = {
  headers: isolated,
  binary: 'relaxedShared',
  device: 'WebAssembly relaxed SIMD, 2 threads',
  notes: [],
}
const sites: [string, typeof alone | typeof shared][] = [
  ['a page', alone],
  ['a page that is cross-origin isolated', shared],
]

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let app: App
  const sitesServed: Site[] = []
  beforeAll(async () => {
    app = writeApp({ source: 'enginePage' })
    browser = await launch()
  })
  afterEach(() => {
    for (const site of sitesServed.splice(0)) site.close()
  })
  afterAll(async () => {
    await browser?.close()
    app?.remove()
  })

  async function open(folder: string, headers: Readonly<Record<string, string>>): Promise<EnginePage> {
    const site = await serveFolder(folder, headers)
    sitesServed.push(site)
    return openEngine(browser, site.url)
  }

  /** What the engine says of itself that computes the right numbers there, and then has ended all workers. */
  async function describeThat({ page }: EnginePage, options: EngineOptions): Promise<SessionDescription> {
    const { outputs, description } = await computeIn(page, options)
    await expectRight(outputs)
    await expectNoWorkers(page)
    return description
  }

  describe.each<[string, Bundler]>([
    ['Vite', buildWithVite],
    ['webpack', buildWithWebpack],
  ])('what %s builds', (_, bundle) => {
    let folder: string
    beforeAll(async () => {
      folder = await bundle(app.folder)
    })

    it.each(sites)(
      'computes in %s, also in a worker of its own, in workers of either; one binary is loaded, and 80 KB at most',
      async (_, { headers, device, notes, binary }) => {
        const opened = await open(folder, headers)
        expect(await describeThat(opened, { threads: 2 })).toMatchObject({ device, notes })
        expect(binariesIn(folder, opened.loaded)).toEqual([binary])
        const scripts = [...new Set(opened.loaded)].filter((path) => path.endsWith('.js'))
        const sizes = scripts.map((path) => gzipSync(readFileSync(join(folder, path))).length)
        expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(mostBytes)

        const { outputs, description } = await computeIn(await startOwnWorker(opened.page), { threads: 2 })
        await expectRight(outputs)
        expect(description).toMatchObject({ device, notes })
        expect(opened.said).toEqual([])
        await opened.page.close()
      },
    )
  })

  it("on Vite's server for development it computes in workers", async () => {
    const options = { root: app.folder, configFile: false, logLevel: 'error' } as const
    const server = await createServer({ ...options, server: { host: '127.0.0.1', port: 0, headers: isolation } })
    await server.listen()
    const opened = await openEngine(browser, server.resolvedUrls!.local[0]!)
    const { device, notes } = await describeThat(opened, { threads: 2 })
    expect(device).toBe('WebAssembly relaxed SIMD, 2 threads')
    expect(notes).toEqual([])
    await opened.page.close()
    await server.close()
  })

  it.each<[string, Bundler, Readonly<Record<string, string>>]>([
    ['Rolldown', buildWithRolldown(), policy],
    ['esbuild', buildWithEsbuild(), isolated],
    ['esbuild, in several files,', buildWithEsbuild({ splitting: true, minify: true }), isolated],
    ['esbuild, as a classic script,', classic, policy],
  ])('what %s builds computes without workers, and says so', async (_, bundle, headers) => {
    const opened = await open(await bundle(app.folder), headers)
    const { device, notes } = await describeThat(opened, { threads: 2 })
    expect(device).toBe('WebAssembly relaxed SIMD, the calling thread')
    expect(notes.at(-1)).toMatch(inPlace)
    await opened.page.close()
  })

  it.each<[string, Bundler, EngineOptions]>([
    ['Rolldown builds, with worker.js as another entry,', buildWithRolldown({ input: entries }), {}],
    ['esbuild builds, with worker.js as another entry,', buildWithEsbuild({ entryPoints: entries }), {}],
    ["esbuild builds as a classic script, with 'workerUrl',", classic, { workerUrl: '/served.js' }],
  ])('what %s computes in workers', async (_, bundle, options) => {
    const folder = await bundle(app.folder)
    copyFileSync(join(app.folder, 'node_modules/@resnet-ts/backend-wasm/dist/worker.js'), join(folder, 'served.js'))
    const opened = await open(folder, isolated)
    const { device, notes } = await describeThat(opened, { threads: 2, ...options })
    expect(device).toBe('WebAssembly relaxed SIMD, 2 threads')
    expect([...notes, ...opened.said]).toEqual([])
    await opened.page.close()
  })

  it.each(sites)('without a bundler, by an import map, %s computes in workers', async (_, { headers, device }) => {
    const { folder, scriptSource } = mapImports(app)
    const allowing = headers['content-security-policy'].replace("script-src 'self'", `$& ${scriptSource}`)
    const opened = await open(folder, { ...headers, 'content-security-policy': allowing })
    expect(await describeThat(opened, { threads: 2 })).toMatchObject({ device })
    expect(opened.said).toEqual([])
    expect(opened.loaded.filter((path) => path.includes('/generated/'))).toHaveLength(1)
    await opened.page.close()
  })
})

/** Gives the page of an application a map of what it imports, in place of a bundler; and what its policy has to allow then. */
function mapImports({ folder }: App) {
  const installed = (name: string) => `/node_modules/@resnet-ts/${name}/dist/index.js`
  const imports = { '@resnet-ts/graph': installed('graph'), '@resnet-ts/backend-wasm': installed('backend-wasm') }
  const map = JSON.stringify({ imports })
  const file = join(folder, 'index.html')
  const before = readFileSync(file, 'utf8').replace(/<script type="importmap">.*?<\/script>/, '')
  writeFileSync(file, before.replace('<script', `<script type="importmap">${map}</script><script`))
  return { folder, scriptSource: `'sha256-${createHash('sha256').update(map).digest('base64')}'` }
}

describe('under Node', () => {
  let app: App
  beforeAll(() => {
    app = writeApp({ source: 'enginePage' })
  })
  afterAll(() => app.remove())

  /** What a program prints, in the folder of the application. */
  const run = (program: string, ...flags: string[]) =>
    execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', program], {
      cwd: app.folder,
      encoding: 'utf8',
      timeout: 30_000,
    })

  it('what is built for a page is imported without an error, and starts nothing', async () => {
    const folder = await buildWithEsbuild()(app.folder)
    const program = `
      process.on('worker', () => console.log('a worker'))
      await import(${JSON.stringify(pathToFileURL(join(folder, 'main.js')))})
      console.log(typeof engine.wasm().compile)`
    expect(run(program)).toBe('function\n')
  })

  it('the entries of the package are too, under the conditions of a page', () => {
    const program = `
      const { wasm } = await import('@resnet-ts/backend-wasm')
      const { tfjsWasm } = await import('@resnet-ts/backend-wasm/tfjs')
      console.log(typeof wasm().compile, typeof tfjsWasm().compile)`
    expect(run(program, '--conditions=browser')).toBe('function function\n')
  })
})
