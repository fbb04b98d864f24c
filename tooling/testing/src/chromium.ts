import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export { longestTaskOf } from './longestTask.js'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser to test in; undefined when there is one. */
export const withoutChromium = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}; set CHROMIUM to its path`

/** With these arguments Chromium has WebGPU, on an adapter that the processor plays. */
export const softwareWebgpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // It makes workgroup memory zero by an instruction for each byte, whose compilation takes seconds; a loop does too.
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
] as const

/** @param more - arguments of Chromium's command line, such as those of its pretended camera */
export function launch(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  })
}

/** What a server sends so that its pages are cross-origin isolated, and can share memory between threads. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** The content security policy that pages are to work under: so much has to be allowed, and no more. */
export const strictPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"

/** A server of this machine for pages. */
export interface Site {
  readonly url: string
  close(): void
}

/** Serves pages at an address that counts as secure. */
export async function serve(answer: RequestListener): Promise<Site> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/** What a browser takes a file to be, by the extension of its name. */
export function contentType(path: string): string {
  return types[extname(path)] ?? 'application/octet-stream'
}

/** Serves the files of a folder, with these headers. */
export function serveFolder(folder: string, headers: Readonly<Record<string, string>> = {}): Promise<Site> {
  return serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = join(folder, pathname === '/' ? 'index.html' : pathname)
    const body = await readFile(path).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'content-type': contentType(path), ...headers }).end(body)
  })
}
