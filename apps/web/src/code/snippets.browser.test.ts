import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { example } from '../testing/examples.js'
import { flowers, situations, writeFilesOf } from '../testing/situations.js'
import { patience, skipped, visit } from '../testing/visitor.js'
import { snippets } from './snippets.js'

const app = fileURLToPath(new URL('../../', import.meta.url))
const names = Object.keys(situations)
const ids = ['classify', 'where', 'network', 'inside', 'speed', 'onnx']

describe.skipIf(withoutChromium)(`The code of the page Code, in a page${skipped}`, { timeout: patience }, () => {
  let browser: Browser
  let folder: string
  let site: Awaited<ReturnType<typeof serveFolder>>
  beforeAll(async () => {
    await mkdir(join(app, '.vitest'), { recursive: true })
    folder = await mkdtemp(join(app, '.vitest', 'code-page-'))
    await writeFilesOf(folder)
    site = await serveFolder(await buildPage())
    browser = await launch()
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await rm(folder, { recursive: true, force: true })
  }, patience)

  /** A page that runs any of the snippets once its files are chosen. */
  async function buildPage(): Promise<string> {
    const entries: string[] = []
    for (const name of names) {
      for (const { id, code } of snippets({ ...situations[name]!, platform: 'page' })) {
        await writeFile(join(folder, `${name}-${id}.ts`), code)
        entries.push(`'${name}-${id}': () => import('./${name}-${id}.ts'),`)
      }
    }
    await writeFile(join(folder, 'main.js'), `globalThis.code = {\n${entries.join('\n')}\n}\n`)
    const inputs = '<input type="file" id="photo"><input type="file" id="weights" multiple>'
    const head = '<meta charset="utf-8"><link rel="icon" href="data:,"><title>Code</title>'
    await writeFile(
      join(folder, 'index.html'),
      `<!doctype html>${head}${inputs}<script type="module" src="./main.js"></script>`,
    )
    // Snippets wait at their top.
    await build({ root: folder, configFile: false, logLevel: 'error', build: { target: 'es2022' } })
    return join(folder, 'dist')
  }

  /** The files of `#weights`, in the order that the snippet asks for. */
  function weightsOf(name: string): string[] {
    const { source } = situations[name]!.model
    if (source.kind !== 'file') return []
    const files = [source.file, ...(source.card ? ['config.json'] : []), ...(source.labels ? [source.labels] : [])]
    return files.map((file) => join(folder, file))
  }

  /** What each snippet prints, line by line. */
  async function printed(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const { page, said, close } = await visit(browser, site.url)
    await page.locator('#photo').setInputFiles(example('chelsea.png'))
    await page.locator('#weights').setInputFiles(weightsOf(name))
    const lines = new Map<string, readonly string[]>()
    for (const id of ids) {
      await page.evaluate(
        (key) => (globalThis as unknown as { code: Record<string, () => Promise<unknown>> }).code[key]!(),
        `${name}-${id}`,
      )
      lines.set(id, said.splice(0))
    }
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
    await close()
    return lines
  }

  test.each(names)('does what is on screen: %s', async (name) => {
    const lines = await printed(name)
    for (const said of lines.values()) for (const line of said) expect(line).toMatch(/^log: /)
    const labels = lines.get('classify')!.map((line) => line.split(' ')[1])
    if (situations[name]!.model.source.kind === 'file') expect(labels.toSorted()).toEqual(flowers)
    else expect(labels[0]).toBe('cat')
    expect(lines.get('where')).toHaveLength(1)
    expect(lines.get('network')!.length).toBeGreaterThanOrEqual(3)
    expect(lines.get('inside')).toHaveLength(3)
    expect(Number(lines.get('speed')![0]!.slice('log: '.length))).toBeGreaterThan(0)
    expect(Number(lines.get('onnx')![0]!.slice('log: '.length))).toBeGreaterThan(1e6)
  })
})
