import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { itsOnnxruntimeWeb } from '../../peers/transformers.js'
import { installedFolder } from '../folders.js'

const html = `<!doctype html>
<meta charset="utf-8" />
<title>bench</title>
<link rel="icon" href="data:," />
<script type="module" src="/page.js"></script>
`

/** With these the page is cross-origin isolated, so that it may have threads. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

/** The packages of which pages load files at run time, or ask the version. */
const modules = [
  itsOnnxruntimeWeb,
  '@huggingface/transformers',
  '@jax-js/jax',
  '@litertjs/core',
  '@resnet-ts/backend-reference',
  '@resnet-ts/backend-wasm',
  '@tensorflow/tfjs-backend-wasm',
  'onnxruntime-web',
]

/** Serves the page, and the packages that it loads files of, to this machine alone. */
export async function servePage(folder: string) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const body = pathname === '/' ? html : await readFile(fileOf(folder, pathname)).catch(() => undefined)
    const type = types[pathname === '/' ? '.html' : extname(pathname)] ?? 'application/octet-stream'
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function fileOf(folder: string, pathname: string): string {
  // Of an absolute path, `normalize` leaves no way up.
  const path = normalize(decodeURIComponent(pathname))
  const name = modules.find((each) => path.startsWith(`/modules/${each}/`))
  return name === undefined ? join(folder, path) : join(installedFolder(name), path.slice(`/modules/${name}`.length))
}
