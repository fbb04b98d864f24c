import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { contentType, isolation, type Site, serve } from '@resnet-ts/testing/chromium'
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
  ...isolation,
  'cross-origin-resource-policy': 'same-origin',
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
export function servePage(folder: string): Promise<Site> {
  return serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const body = pathname === '/' ? html : await readFile(fileOf(folder, pathname)).catch(() => undefined)
    const type = contentType(pathname === '/' ? 'index.html' : pathname)
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, ...headers }).end(body)
  })
}

function fileOf(folder: string, pathname: string): string {
  // Of an absolute path, `normalize` leaves no way up.
  const path = normalize(decodeURIComponent(pathname))
  const name = modules.find((each) => path.startsWith(`/modules/${each}/`))
  return name === undefined ? join(folder, path) : join(installedFolder(name), path.slice(`/modules/${name}`.length))
}
