import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { contentType, type Site, serve } from '@resnet-ts/testing/chromium'

const folders: Readonly<Record<string, URL>> = {
  vision: new URL('../../dist/', import.meta.url),
  graph: new URL('../../../graph/dist/', import.meta.url),
  golden: new URL('../../golden/', import.meta.url),
  examples: new URL('../../../../examples/', import.meta.url),
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

/** Serves what is built, a page that has it as `globalThis.vision`, a worker, and the files given by name. */
export async function serveVision(files: Readonly<Record<string, Uint8Array>>): Promise<Site> {
  const own: Record<string, Uint8Array | string> = { 'index.html': page, 'worker.js': worker, ...files }
  return serve(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1) || 'index.html'
    const body = own[path] ?? (await fromFolder(path))
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': contentType(path) }).end(body)
  })
}

async function fromFolder(path: string): Promise<Uint8Array | string | undefined> {
  const [, forWorker, name, rest] = /^(for-worker\/)?(\w+)\/(.+)$/.exec(path) ?? []
  const folder = folders[name ?? '']
  if (!folder) return undefined
  const body = await readFile(fileURLToPath(new URL(rest!, folder))).catch(() => undefined)
  return forWorker ? body?.toString().replaceAll("'@resnet-ts/graph'", "'/graph/index.js'") : body
}
