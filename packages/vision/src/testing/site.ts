import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { contentType, type Site, serve } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'

export type Vision = typeof import('../index.browser.js')
declare global {
  /** What the pages of a site have. */
  var vision: Vision
}

const folders: Readonly<Record<string, URL>> = {
  vision: new URL('../../dist/', import.meta.url),
  graph: new URL('../../../graph/dist/', import.meta.url),
  golden: new URL('../../golden/', import.meta.url),
  examples: new URL('../../../../examples/', import.meta.url),
}
const script = `globalThis.vision = await import('/vision/index.browser.js')`
const html = (body: string): string => `<!doctype html><meta charset="utf-8"><title>vision</title>${body}`
const page = html('<script type="module" src="/page.js"></script>')

// Import maps do not reach into workers: that of the package does not start here.
const mapped = html(`<script type="importmap">{ "imports": { "@resnet-ts/graph": "/graph/index.js" } }</script>
<script type="module">globalThis.vision = await import('/as-built/vision/index.browser.js')</script>`)

const worker = `import { decode } from '/vision/index.browser.js'
onmessage = async ({ data }) => {
  try { postMessage({ image: await decode(data) }) } catch (error) { postMessage({ message: error.message }) }
}`

/** Pages, and the content security policies that they are served with. */
const pages: Readonly<Record<string, { readonly body: string; readonly policy?: string }>> = {
  'index.html': { body: page },
  'mapped.html': { body: mapped },
  'usual-policy.html': { body: page, policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'" },
  'without-wasm.html': { body: page, policy: "script-src 'self'; worker-src 'none'" },
}

/**
 * Serves what is built, pages that have it as `globalThis.vision`, a worker, and the files given by name. Where the
 * package is served, the name of the package that it needs is written out; not so under `as-built`.
 */
export async function serveVision(files: Readonly<Record<string, Uint8Array>>): Promise<Site> {
  const own: Record<string, Uint8Array | string> = { 'page.js': script, 'worker.js': worker, ...files }
  return serve(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1) || 'index.html'
    const { body, policy } = pages[path] ?? { body: own[path] ?? (await fromFolder(path)) }
    if (policy) response.setHeader('content-security-policy', policy)
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': contentType(path) }).end(body)
  })
}

async function fromFolder(path: string): Promise<Uint8Array | string | undefined> {
  const [, asBuilt, name, rest] = /^(as-built\/)?(\w+)\/(.+)$/.exec(path) ?? []
  const folder = folders[name ?? '']
  if (!folder) return undefined
  const body = await readFile(fileURLToPath(new URL(rest!, folder))).catch(() => undefined)
  return asBuilt || !path.endsWith('.js')
    ? body
    : body?.toString().replaceAll("'@resnet-ts/graph'", "'/graph/index.js'")
}

/** Opens a page of a site, and waits until it has the package. */
export async function openPage(browser: Browser, site: Site, name = ''): Promise<Page> {
  const opened = await browser.newPage()
  await opened.goto(site.url + name)
  await opened.waitForFunction(() => 'vision' in globalThis)
  return opened
}
