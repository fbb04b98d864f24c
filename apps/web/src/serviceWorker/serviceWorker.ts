// Keeps the whole site in the browser, so that it works without a network after the first visit, and hands it out with
// the headers that give a page shared memory, whatever its server sends.

/** Written by the build: every file of the site, and what changes when any of them does. */
declare const __KEPT__: { readonly version: string; readonly files: readonly string[] }

const scope = self as unknown as ServiceWorkerGlobalScope
const prefix = 'resnet-ts-app-'
const { version, files } = __KEPT__
const cacheName = prefix + version
const indexPage = 'index.html'

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const addressOf = (file: string) => new URL(file, scope.registration.scope).href

scope.addEventListener('install', (event) => event.waitUntil(keep()))
scope.addEventListener('activate', (event) => event.waitUntil(forget()))
scope.addEventListener('message', ({ data }) => {
  if (data === 'take over') void scope.skipWaiting()
})
scope.addEventListener('fetch', (event) => {
  const { request } = event
  // What is not of this site, such as the hub, goes its own way.
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return
  event.respondWith(answer(request))
})

async function keep(): Promise<void> {
  const cache = await caches.open(cacheName)
  await Promise.all(
    files.map(async (file) => {
      const address = addressOf(file)
      // What has a hash in its name is what it is; the rest may be an old copy.
      const response = await fetch(address, { cache: file.startsWith('assets/') ? 'default' : 'reload' })
      if (!response.ok) throw new Error(`${file}: the server answered ${response.status}`)
      await cache.put(address, await isolated(response))
    }),
  )
}

/** The same answer, with the headers of isolation. */
async function isolated(response: Response): Promise<Response> {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value)
  return new Response(await response.blob(), { status: response.status, statusText: response.statusText, headers })
}

async function forget(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const address = request.mode === 'navigate' ? addressOf(indexPage) : request.url
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request)
}
