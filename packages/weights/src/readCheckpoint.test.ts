import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CheckpointError } from './errors.js'
import { writeSafetensors } from './formats/writeSafetensors.js'
import { readCheckpoint } from './readCheckpoint.js'
import type { CheckpointSource } from './sources/index.js'

const bytes = writeSafetensors(new Map([['a', { shape: [2], read: () => Float32Array.of(1, 2) }]]))
let folder = ''
let path = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-weights-'))
  path = join(folder, 'tiny.safetensors')
  await writeFile(path, bytes)
})
afterAll(() => rm(folder, { recursive: true }))

async function values(source: CheckpointSource, options?: Parameters<typeof readCheckpoint>[1]): Promise<number[]> {
  return [...(await readCheckpoint(source, options)).tensors.get('a')!.read()]
}

async function refusal(source: CheckpointSource, options?: Parameters<typeof readCheckpoint>[1]): Promise<string> {
  const error = await readCheckpoint(source, options).then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message
}

describe('reads', () => {
  test('a path and a file URL', async () => {
    expect(await values(path)).toEqual([1, 2])
    expect(await values(pathToFileURL(path))).toEqual([1, 2])
    expect(await values(pathToFileURL(path).href)).toEqual([1, 2])
  })

  test('a Blob, bytes and a buffer', async () => {
    expect(await values(new Blob([bytes]))).toEqual([1, 2])
    expect(await values(bytes)).toEqual([1, 2])
    expect(await values(bytes.buffer)).toEqual([1, 2])
    expect(await values(Buffer.concat([Buffer.from([0]), bytes]).subarray(1))).toEqual([1, 2])
  })

  test('a data URL, as a bundler makes', async () => {
    expect(await values(`data:;base64,${Buffer.from(bytes).toString('base64')}`)).toEqual([1, 2])
  })
})

describe('refuses', () => {
  test('a missing file, and one in a file', async () => {
    expect(await refusal(join(folder, 'none'))).toBe(
      `'${join(folder, 'none')}': expected a file that can be read, found no such file.`,
    )
    expect(await refusal(join(path, 'none'))).toMatch(/found no such file\.$/)
    expect(await refusal('')).toMatch(/found no such file\.$/)
  })

  test('a folder', async () => {
    expect(await refusal(folder)).toMatch(/: expected a file, found a folder; name the file that holds the weights\.$/)
  })

  test.skipIf(process.platform === 'win32')('a device, which might never end', async () => {
    expect(await refusal('/dev/zero')).toBe(
      "'/dev/zero': expected a file, found something else; name the file that holds the weights.",
    )
  })

  test('a path that no file system takes', async () => {
    expect(await refusal('a\u0000b')).toMatch(/^'a\\u\{0\}b': expected a file that can be read, found the failure ERR_/)
  })

  test('an empty file', async () => {
    await writeFile(join(folder, 'empty'), '')
    expect(await refusal(join(folder, 'empty'))).toMatch(/: expected a file of weights, found an empty file\.$/)
    expect(await refusal(new ArrayBuffer(0))).toBe('the bytes: expected a file of weights, found an empty file.')
  })

  test('a malformed file, by its name', async () => {
    await writeFile(join(folder, 'cut'), bytes.subarray(0, -1))
    expect(await refusal(join(folder, 'cut'))).toBe(
      `'${join(folder, 'cut')}', tensor 'a': expected its bytes among the file's 7 bytes of data, ` +
        'found data_offsets from 0 to 8; the file may have been cut short: fetch it again.',
    )
    expect(await refusal(new File([bytes.subarray(0, 40)], 'a.safetensors'))).toMatch(
      /^'a.safetensors', safetensors file: expected a header of/,
    )
  })

  test('what is no source', async () => {
    for (const wrong of [undefined, null, 3, {}, ['a']]) {
      expect(await refusal(wrong as unknown as string)).toMatch(/^checkpoint source: expected a path, a URL, a Blob or/)
    }
  })

  const magic = (text: string) => Buffer.from(text.padEnd(300, '\x01'), 'latin1')
  test.each([
    ['a Python pickle; re-save what it holds in Python', magic('\x80\x04\x95')],
    [
      "a Git LFS pointer; fetch the file that it stands for, with 'git lfs pull'.",
      magic('version https://git-lfs.github'),
    ],
    ['a web page; check the address', magic('\n<!DOCTYPE html><html>')],
    ['a tar archive; unpack it first.', magic(`${'a'.repeat(257)}ustar`)],
    ['a gzip file; unpack it first.', magic('\x1f\x8b')],
    ['a file of an unknown kind.', magic('hello')],
    ['a file of an unknown kind.', Buffer.from('a')],
  ])('what it recognises as %s', async (found, content) => {
    expect(await refusal(content)).toContain(`the bytes: expected a file of weights, found ${found}`)
  })
})

describe('over HTTP', () => {
  let server: Server
  let origin = ''

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      if (url === '/tiny?token=secret') response.end(bytes)
      else if (url === '/moved') response.writeHead(302, { location: '/tiny?token=secret' }).end()
      else if (url === '/cut')
        response.writeHead(200, { 'content-length': 1000 }).write(bytes, () => response.destroy())
      else if (url === '/slow') response.writeHead(200).write('a')
      else if (url === '/empty') response.end()
      else if (url === '/private') response.writeHead(401).end('who?')
      else if (url === '/broken') response.writeHead(503).end()
      else response.writeHead(404).end('<html>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('reads a URL, through redirections', async () => {
    expect(await values(`${origin}/tiny?token=secret`)).toEqual([1, 2])
    expect(await values(new URL(`${origin}/moved`))).toEqual([1, 2])
  })

  test('reads through the fetch it is given', async () => {
    const fetch = vi.fn(async () => new Response(bytes))
    expect(await values('https://example.com/a', { fetch })).toEqual([1, 2])
    expect(fetch.mock.calls).toEqual([['https://example.com/a', {}]])
  })

  test.each([
    ['/none', 'found HTTP status 404 Not Found; check the address.'],
    ['/private', 'found HTTP status 401 Unauthorized; it needs permission: download it where you have it, and name'],
    ['/broken', 'found HTTP status 503 Service Unavailable; try again later.'],
    ['/cut', 'found a failure of the connection ('],
    ['/empty', 'expected a file of weights, found an empty file.'],
  ])('refuses %s: %s', async (place, message) => {
    const text = await refusal(origin + place)
    expect(text).toContain(message)
    expect(text).toContain(`'${origin}${place}'`)
  })

  test('keeps queries and passwords out of its messages', async () => {
    const { host } = new URL(origin)
    const fetch = async () => new Response('', { status: 404 })
    const text = await refusal(`http://user:password@${host}/none?token=secret`, { fetch })
    expect(text).not.toMatch(/secret|password/)
  })

  test('refuses a server that is not there', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect(await refusal(`http://127.0.0.1:${port}/`)).toMatch(/a failure of the connection \(.*ECONNREFUSED/)
    expect(await refusal('http://')).toMatch(/a failure of the connection/)
  })

  test('stops with the reason of its signal', async () => {
    const controller = new AbortController()
    const reading = readCheckpoint(`${origin}/slow`, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('changed my mind')), 50)
    await expect(reading).rejects.toThrow('changed my mind')
    const signal = AbortSignal.abort(new Error('never mind'))
    for (const source of [path, `${origin}/slow`, new Blob([bytes]), bytes]) {
      await expect(readCheckpoint(source, { signal })).rejects.toThrow('never mind')
    }
  })
})

describe('in a page', () => {
  test('a path is an address, and Node is not asked for', async () => {
    vi.stubGlobal('process', undefined)
    try {
      const fetch = vi.fn(async () => new Response(bytes))
      expect(await values('models/tiny.safetensors', { fetch })).toEqual([1, 2])
      expect(fetch.mock.calls[0]).toEqual(['models/tiny.safetensors', {}])
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('no module names one of Node’s, for a bundler to stumble over', async () => {
    const names = await readdir(new URL('.', import.meta.url), { recursive: true })
    const sources = names.filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^testing/.test(name))
    expect(sources.length).toBeGreaterThan(10)
    for (const name of sources) {
      const source = await readFile(new URL(name.replaceAll('\\', '/'), import.meta.url), 'utf8')
      expect(source, name).not.toMatch(/(from|import\()\s*['"]node:/)
    }
  })
})
