import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CheckpointError } from '../errors.js'
import { readCheckpoint } from '../readCheckpoint.js'
import { writeSafetensors } from './writeSafetensors.js'

const shard = (name: string, ...values: number[]) =>
  writeSafetensors(new Map([[name, { shape: [values.length], read: () => Float32Array.from(values) }]]))
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const name = 'model.safetensors.index.json'
const map = { b: 'model-2 of 2.safetensors', a: 'model-1 of 2.safetensors' }
const files = new Map([
  [name, encode({ metadata: { total_size: 12 }, weight_map: map })],
  [map.a, shard('a', 1, 2)],
  [map.b, shard('b', 3)],
])
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-shards-'))
  for (const [path, bytes] of files) await writeFile(join(folder, path), bytes)
})
afterAll(() => rm(folder, { recursive: true }))

async function values(...args: Parameters<typeof readCheckpoint>) {
  const { format, tensors } = await readCheckpoint(...args)
  expect(format).toBe('safetensors')
  return [...tensors].map(([key, tensor]) => [key, ...tensor.read()])
}

const expected = [
  ['b', 3],
  ['a', 1, 2],
]

describe('reads an index and its shards', () => {
  test('from a path and a file URL', async () => {
    expect(await values(join(folder, name))).toEqual(expected)
    expect(await values(pathToFileURL(join(folder, name)))).toEqual(expected)
    expect(await values(pathToFileURL(join(folder, name)).href)).toEqual(expected)
  })

  test('from a list of files, and a map', async () => {
    expect(await values([...files].map(([path, bytes]) => new File([bytes], path)))).toEqual(expected)
    expect(await values(files)).toEqual(expected)
    expect(await values(new Map([...files].map(([path, bytes]) => [`folder/${path}`, bytes])))).toEqual(expected)
  })

  test('from a URL, relative to it', async () => {
    const fetch = vi.fn(async (url: string) => new Response(files.get(decodeURIComponent(url.split(/[/?]/)[4]!))))
    expect(await values(`https://example.com/a/${name}?x=1`, { fetch })).toEqual(expected)
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      `https://example.com/a/${name}?x=1`,
      'https://example.com/a/model-2%20of%202.safetensors',
      'https://example.com/a/model-1%20of%202.safetensors',
    ])
  })

  test('or a single file in a list', async () => {
    expect(await values([new File([files.get(map.b)!], 'only.safetensors')])).toEqual([['b', 3]])
  })
})

describe('refuses', () => {
  const refusal = (changes: Record<string, Uint8Array<ArrayBuffer>>) => {
    const error = readCheckpoint(new Map([...files, ...Object.entries(changes)])).then(
      () => new Error('nothing was thrown'),
      (error: unknown) => error,
    )
    return error.then((error) => {
      expect(error).toBeInstanceOf(CheckpointError)
      return (error as CheckpointError).message
    })
  }

  test.each<[string, Record<string, Uint8Array<ArrayBuffer>>, string]>([
    [
      'a shard without its tensor',
      { [map.a]: shard('c', 1) },
      "expected tensor 'a', as it lists, found nothing of that name",
    ],
    [
      'a shard that is not there',
      { [name]: encode({ weight_map: { a: 'x' } }) },
      "expected the file 'x' among those given",
    ],
    [
      'a path out of the folder',
      { [name]: encode({ weight_map: { a: '../x' } }) },
      'expected the paths of files beside it',
    ],
    ['no path', { [name]: encode({ weight_map: { a: 3 } }) }, 'expected the paths of files beside it, found number.'],
    ['an index of nothing', { [name]: encode({ weight_map: {} }) }, 'expected tensors, found none.'],
    ['no map', { [name]: encode({ weight_map: null }) }, "expected an index of shards ('weight_map')"],
    ['an index of itself', { [name]: encode({ weight_map: { a: name } }) }, 'found a list of other files'],
    ['a shard of another kind', { [map.a]: encode('x') }, 'expected weights, found a file of an unknown kind'],
    [
      'what is not JSON',
      { [name]: new TextEncoder().encode('{"weight_map":') },
      'JSON file: expected JSON, found something else.',
    ],
    ['JSON without end', { [name]: new TextEncoder().encode('['.repeat(4_000_000)) }, 'expected at most 3145728 bytes'],
    [
      'JSON of another kind',
      { [name]: encode({ architectures: ['ResNet'] }) },
      'name the file that holds the weights.',
    ],
  ])('%s', async (_, changes, message) => {
    expect(await refusal(changes)).toContain(message)
  })

  test('an index alone, and files without one', async () => {
    await expect(readCheckpoint(new Blob([files.get(name)!]))).rejects.toThrow(
      "expected the file 'model-2 of 2.safetensors'",
    )
    const both = [map.a, map.b].map((path) => new File([files.get(path)!], path))
    await expect(readCheckpoint(both)).rejects.toThrow(/several with an index .* found 'model-1 of 2\.safetensors'/)
    await expect(readCheckpoint([])).rejects.toThrow('found no files.')
    await rm(join(folder, map.b))
    await expect(readCheckpoint(join(folder, name))).rejects.toThrow(
      /model-2 of 2\.safetensors': .* found no such file/,
    )
  })
})
