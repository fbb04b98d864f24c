import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser to test in; undefined when there is one. */
export const withoutChromium = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}; set CHROMIUM to its path`

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

const folders: Readonly<Record<string, URL>> = {
  vision: new URL('../../dist/', import.meta.url),
  graph: new URL('../../../graph/dist/', import.meta.url),
  golden: new URL('../../golden/', import.meta.url),
  examples: new URL('../../../../examples/', import.meta.url),
}
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  png: 'image/png',
  jpg: 'image/jpeg',
}

const page = `<!doctype html><meta charset="utf-8"><title>vision</title>
<script type="importmap">{ "imports": { "@resnet-ts/graph": "/graph/index.js" } }</script>
<script type="module">
  globalThis.vision = await import('/vision/index.browser.js')
</script>`

// Import maps do not reach into workers, so there the name of the one package is written out.
const worker = `import { decode } from '/for-worker/vision/index.browser.js'
onmessage = async ({ data }) => {
  try { postMessage({ image: await decode(data) }) } catch (error) { postMessage({ message: error.message }) }
}`

export interface Site {
  readonly url: string
  close(): void
}

/** Serves what is built, a page that has it as `globalThis.vision`, a worker, and the files given by name. */
export async function serve(files: Readonly<Record<string, Uint8Array>>): Promise<Site> {
  const own: Record<string, Uint8Array | string> = { 'index.html': page, 'worker.js': worker, ...files }
  const server: Server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1) || 'index.html'
    const body = own[path] ?? (await fromFolder(path))
    response.setHeader('content-type', types[path.split('.').at(-1)!] ?? 'application/octet-stream')
    response.statusCode = body === undefined ? 404 : 200
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function fromFolder(path: string): Promise<Uint8Array | string | undefined> {
  const [, forWorker, name, rest] = /^(for-worker\/)?(\w+)\/(.+)$/.exec(path) ?? []
  const folder = folders[name ?? '']
  if (!folder) return undefined
  const body = await readFile(fileURLToPath(new URL(rest!, folder))).catch(() => undefined)
  return forWorker ? body?.toString().replaceAll("'@resnet-ts/graph'", "'/graph/index.js'") : body
}
