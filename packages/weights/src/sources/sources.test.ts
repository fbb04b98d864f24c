import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Progress } from './fetch.js'
import { bytesOf } from './index.js'
import { platformFetch } from './proxy.js'
import { readBody } from './stream.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a body', () => {
  const pieces = (count: number, size: number) => {
    let sent = 0
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ < count) controller.enqueue(new Uint8Array(size).fill(sent))
        else controller.close()
      },
    })
  }

  test('of a known length goes into one buffer, of that size', async () => {
    const response = new Response(pieces(10, 1000), { headers: { 'content-length': '10000' } })
    const bytes = await readBody(response)
    expect(bytes.length).toBe(10_000)
    expect(bytes.buffer.byteLength).toBe(10_000)
    expect([bytes[0], bytes[9999]]).toEqual([1, 10])
  })

  test('from an address is told of as it comes', async () => {
    const headers = { 'content-length': '2000' }
    const fetch = async () => new Response(pieces(2, 1000), { headers })
    const told: Progress[] = []
    const url = 'https://example.org/a/tiny.pth?token=secret'
    await bytesOf(url, { fetch, onProgress: (progress) => told.push(progress) })
    expect(told).toEqual([1000, 2000].map((loaded) => ({ file: 'tiny.pth', loaded, total: 2000 })))
  })

  test.each([
    ['unknown', undefined],
    ['too short', '10'],
    ['too long', '99999'],
    ['malformed', 'many'],
  ])('of a length that is %s comes whole', async (_name, length) => {
    const headers = length === undefined ? {} : { 'content-length': length }
    expect((await readBody(new Response(pieces(10, 1000), { headers }))).length).toBe(10_000)
  })

  test('that was compressed is not taken for as long as its header says', async () => {
    const headers = { 'content-length': '5', 'content-encoding': 'gzip' }
    expect((await readBody(new Response(pieces(3, 1000), { headers }))).length).toBe(3000)
  })

  test('needs its size in memory once, beside the pieces', async () => {
    const size = 64 << 20
    const piece = new Uint8Array(1 << 16)
    let left = size / piece.length
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close()),
    })
    const start = process.memoryUsage.rss()
    let peak = 0
    const bytes = await readBody(new Response(stream), size, () => {
      peak = Math.max(peak, process.memoryUsage.rss() - start)
    })
    expect(bytes.length).toBe(size)
    expect(peak / size).toBeLessThan(1.3)
  })
})

describe('a proxy', () => {
  test('is used where the environment names one, but for the hosts that it spares', async () => {
    const seen: string[] = []
    const origin = createServer((_request, response) => response.end('the file'))
    // An address without TLS may be asked of the proxy itself, or through a tunnel.
    const proxy = createServer((request, response) => {
      seen.push(new URL(request.url!).hostname)
      response.end('the file')
    })
    proxy.on('connect', (request, socket, head) => {
      seen.push(request.url!.split(':')[0]!)
      const { port } = origin.address() as AddressInfo
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        upstream.write(head)
        upstream.pipe(socket).pipe(upstream)
      })
    })
    for (const server of [origin, proxy]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = (server: typeof origin) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'http_proxy', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, undefined)
    vi.stubEnv('HTTP_PROXY', url(proxy))
    expect(await (await platformFetch()('http://hub.invalid/file', {})).text()).toBe('the file')
    expect(seen).toEqual(['hub.invalid'])
    vi.stubEnv('NO_PROXY', '127.0.0.1')
    expect(await (await platformFetch()(`${url(origin)}/file`, {})).text()).toBe('the file')
    expect(seen).toHaveLength(1)
    vi.stubEnv('HTTP_PROXY', 'no address, but a secret')
    expect(() => platformFetch()).toThrow(
      /^proxy: expected an address in HTTPS_PROXY.*HTTP_PROXY, and the package 'undici'/,
    )
    vi.stubEnv('HTTP_PROXY', '')
    expect(platformFetch()).toBe(globalThis.fetch)
    for (const server of [origin, proxy]) {
      server.closeAllConnections()
      server.close()
    }
  })
})
