import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, collect, sequence, shapeOf, someEmbeddings } from '../testing/embeddings.js'
import { temporaryFolders } from '../testing/run.js'
import type { Embedding } from './embedding.js'
import { EmbeddingsError } from './embedding.js'
import { formatOf, readEmbeddings } from './formats.js'
import { readWithin } from './parquet.js'
import { encodeRecord } from './records.js'

const temporaryFolder = temporaryFolders()
const extensions = ['npy', 'jsonl', 'parquet'] as const
type Extension = (typeof extensions)[number]

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await temporaryFolder()
})

async function encoded(extension: Extension, embeddings: readonly Embedding[], dimension: number): Promise<Buffer> {
  const format = await formatOf(`x.${extension}`)
  return bytesOf(format.encode(sequence(embeddings), shapeOf(embeddings, dimension)))
}

/** The embeddings that a file of some bytes gives, or the error; anything else is thrown. */
async function attempt(name: string, bytes: Uint8Array, dimension: number): Promise<Embedding[] | EmbeddingsError> {
  await writeFile(at(name), bytes)
  try {
    return await collect(readEmbeddings(at(name), dimension))
  } catch (error) {
    if (error instanceof EmbeddingsError) return error
    throw error
  }
}

const names = ['0.png', 'größe/猫 🐈.jpg', 'a "quoted", \\ name.png', 'é'.repeat(300), '\u0001\n.png']
const numbers = [0, -0, 1, -1, 0.1, 1 / 3, 1e-45, -3.4e38, 16_777_217, Math.PI]
const special = names.map((file, row) => ({
  file,
  vector: Float32Array.from(numbers, (_, column) => numbers[(row + column) % numbers.length]!),
}))

describe.each(extensions)('.%s', (extension) => {
  it('gives back names and numbers as they were, to the bit', async () => {
    const bytes = await encoded(extension, special, numbers.length)
    const found = await attempt(`special.${extension}`, bytes, numbers.length)
    expect(found).toEqual(special)
  })

  it('is told by its content', async () => {
    const embeddings = someEmbeddings(2, 4)
    expect(await attempt('embeddings', await encoded(extension, embeddings, 4), 4)).toEqual(embeddings)
  })

  it('comes in pieces, whatever the number of images', async () => {
    const embeddings = someEmbeddings(70, 8192)
    const format = await formatOf(`x.${extension}`)
    const pieces = await collect(format.encode(sequence(embeddings), shapeOf(embeddings, 8192)))
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2_200_000)
    const found = await attempt(`large.${extension}`, Buffer.concat(pieces), 8192)
    // Half a million numbers one by one would take seconds.
    const all = (list: readonly Embedding[]) => Buffer.concat(list.map(encodeRecord))
    expect(all(found as Embedding[]).equals(all(embeddings))).toBe(true)
  })

  it('of another model is refused', async () => {
    const bytes = await encoded(extension, someEmbeddings(2, 4), 4)
    expect(await attempt(`other.${extension}`, bytes, 5)).toMatchObject({
      message: expect.stringMatching(
        /expected vectors of 5 numbers, as the model gives, found 4; give the model that made the file/,
      ) as string,
    })
  })

  it('can be left in the middle', async () => {
    await writeFile(at(`many.${extension}`), await encoded(extension, someEmbeddings(50, 8), 8))
    const embeddings = readEmbeddings(at(`many.${extension}`), 8)
    expect((await embeddings.next()).value).toEqual(someEmbeddings(1, 8)[0])
    await embeddings.return()
    expect(await embeddings.next()).toEqual({ done: true, value: undefined })
  })

  // Each Parquet file is read by a process of its own, which takes its time.
  it('damaged in any way, is read or refused', { timeout: 120_000 }, async () => {
    const bytes = await encoded(extension, someEmbeddings(6, 4), 4)
    const damage = fc.record({
      cut: fc.option(fc.nat(bytes.length), { nil: undefined, freq: 3 }),
      changes: fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ cut, changes }) => {
        const damaged = Buffer.from(bytes.subarray(0, cut))
        for (const [offset, value] of changes) if (offset < damaged.length) damaged[offset] = value
        const found = await attempt(`damaged.${extension}`, damaged, 4)
        if (Array.isArray(found)) for (const { vector } of found) expect(vector).toHaveLength(4)
        else expect(found.message).toMatch(/^file '.*'(, (line|record|row|row group) \d+)?: expected .*, found .*\.$/s)
      }),
      { numRuns: extension === 'parquet' ? 20 : 300 },
    )
  })
})

describe('a NumPy file', () => {
  it('is what NumPy writes itself', async () => {
    const bytes = await encoded('npy', [{ file: 'ab', vector: Float32Array.of(1, 2) }], 2)
    const text = "{'descr': [('file', '<U2'), ('vector', '<f4', (2,))], 'fortran_order': False, 'shape': (1,), }"
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'))
    expect(bytes.toString('latin1', 10, 128)).toBe(`${text.padEnd(117)}\n`)
    expect(bytes.toString('hex', 128)).toBe('61000000620000000000803f00000040')
  })

  const header = (text: string, version = 1) => {
    const prefix = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
    return Buffer.from([...Buffer.from('\x93NUMPY', 'latin1'), version, 0, ...prefix, ...Buffer.from(text)])
  }
  const of = (descr: string, shape: string) => `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`

  it('may have its fields the other way round, and numbers of 64 bits', async () => {
    const text = of("[('vector', '<f8', (2,)), ('file', '<U1')]", '1,')
    const record = Buffer.concat([Buffer.from(Float64Array.of(0.5, 3).buffer), Buffer.from('61000000', 'hex')])
    expect(await attempt('doubles.npy', Buffer.concat([header(text, 2), record]), 2)).toEqual([
      { file: 'a', vector: Float32Array.of(0.5, 3) },
    ])
  })

  it.each<[string, RegExp, Buffer]>([
    ['a plain array', /with the fields 'file' and 'vector', found \{'descr': '<f4'/, header(of("'<f4'", '2, 2'))],
    ['pickled objects', /with the fields/, header(of("[('file', '|O'), ('vector', '<f4', (2,))]", '1,'))],
    [
      'more records than there are',
      /expected 3000000000\d+ bytes, as its header says, found/,
      header(of("[('file', '<U1'), ('vector', '<f4', (74,))]", '10000000000,')),
    ],
    [
      'records without end',
      /bytes, as its header says, found/,
      header(of("[('file', '<U65535'), ('vector', '<f8', (999999999,))]", '999999999999999,')),
    ],
    [
      'long names',
      /names of at most 65535 characters/,
      header(of("[('file', '<U99999'), ('vector', '<f4', (2,))]", '1,')),
    ],
    ['a long header', /a header of at most 10000 bytes, found 60000/, header(' '.repeat(60_000))],
    ['a header that is cut off', /a whole header/, header(' '.repeat(100)).subarray(0, 60)],
    ['another version', /version 1, 2 or 3, found 9/, header(' ', 9)],
    [
      'a name of no characters',
      /record 0: expected a name of Unicode characters, found the number 4294967295/,
      Buffer.concat([header(of("[('file', '<U1'), ('vector', '<f4', (1,))]", '1,')), Buffer.alloc(8, 255)]),
    ],
    [
      'numbers that are none',
      /record 0: expected finite numbers of 32 bits/,
      Buffer.concat([
        header(of("[('file', '<U1'), ('vector', '<f4', (1,))]", '1,')),
        Buffer.from('610000000000c07f', 'hex'),
      ]),
    ],
  ])('with %s is refused', async (_, said, bytes) => {
    expect(await attempt('bad.npy', bytes, 1)).toMatchObject({ message: expect.stringMatching(said) as string })
  })
})

describe('a file of lines', () => {
  it('has the shortest digits', async () => {
    const bytes = await encoded('jsonl', [{ file: 'a "b".png', vector: Float32Array.of(0.1, -0, 1e-7, 5) }], 4)
    expect(bytes.toString()).toBe('{"file": "a \\"b\\".png", "vector": [0.1, -0, 1e-7, 5]}\n')
  })

  it('may have empty lines, other fields, and no end of the last line', async () => {
    const text = '{"vector": [1, 2], "label": "cat", "file": "a"}\r\n\n{"file":"b","vector":[3,4]}'
    expect(await attempt('own.jsonl', Buffer.from(text), 2)).toEqual([
      { file: 'a', vector: Float32Array.of(1, 2) },
      { file: 'b', vector: Float32Array.of(3, 4) },
    ])
  })

  it.each<[string, RegExp, string]>([
    ['no JSON', /line 2: expected a JSON object .*, found no JSON/, '{"file":"a","vector":[1]}\n{"file":\n'],
    ['other JSON', /line 1: expected a JSON object .*, found \{\}\./, '{}'],
    ['texts for numbers', /line 1: expected a JSON object/, '{"file":"a","vector":["1"]}'],
    ['a number for the name', /line 1: expected a JSON object/, '{"file":1,"vector":[1]}'],
    ['numbers that are too large', /line 1: expected finite numbers of 32 bits/, '{"file":"a","vector":[1e39]}'],
    ['a line without end', /expected lines of at most 1048640 bytes/, `{"file":"${'a'.repeat(3_000_000)}"}`],
  ])('with %s is refused', async (_, said, text) => {
    expect(await attempt('bad.jsonl', Buffer.from(text), 1)).toMatchObject({
      message: expect.stringMatching(said) as string,
    })
  })
})

describe('a Parquet file', () => {
  it('has the columns that its readers expect, and a row group for every half million numbers', async () => {
    const bytes = await encoded('parquet', someEmbeddings(70, 16_384), 16_384)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    const metadata = parquetMetadata(file)
    expect(metadata.schema.map(({ name, type, converted_type }) => [name, type ?? converted_type])).toEqual([
      ['schema', undefined],
      ['file', 'BYTE_ARRAY'],
      ['vector', 'LIST'],
      ['list', undefined],
      ['element', 'FLOAT'],
    ])
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([32, 32, 6])
    const rows = await parquetReadObjects({ file, columns: ['file'] })
    expect(rows.map((row) => row.file as string)).toEqual(someEmbeddings(70, 1).map((embedding) => embedding.file))
  })

  it('that lies about its lengths does not take the process with it', async () => {
    const embeddings = someEmbeddings(200, 4)
    const bytes = await encoded('parquet', embeddings, 4)
    const first = Buffer.alloc(4)
    first.writeFloatLE(embeddings[0]!.vector[0]!)
    // Before the numbers: their repetition levels, 100 groups of eight of one bit, and their definition levels, a run.
    const levels = bytes.indexOf(first) - 3 - 102
    expect(bytes.toString('hex', levels, levels + 3)).toBe('c901ee')
    // A run of two thousand million instead.
    bytes.set([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x01], levels)
    // Where other processes want memory too, time may be up before it is.
    expect(await attempt('bomb.parquet', bytes, 4)).toMatchObject({
      message: expect.stringMatching(
        /expected an intact Parquet file, found data that takes more (memory|time)/,
      ) as string,
    })
  })

  it('that would be read for ever is given up', async () => {
    const embeddings = someEmbeddings(6, 4)
    const bytes = await encoded('parquet', embeddings, 4)
    const first = Buffer.alloc(4)
    first.writeFloatLE(embeddings[0]!.vector[0]!)
    // The end of the page's header: the lengths of the levels, which are six bytes together.
    const lengths = bytes.indexOf(first) - 6 - 6
    expect(bytes.toString('hex', lengths, lengths + 6)).toBe('150415080000')
    bytes[lengths] = 0
    await writeFile(at('endless.parquet'), bytes)
    await expect(collect(readWithin(at('endless.parquet'), 4, 2000))).rejects.toThrow(
      /expected an intact Parquet file, found data that takes more time to read than a whole file could/,
    )
  })

  it('of other columns is refused', async () => {
    const bytes = await encoded('parquet', someEmbeddings(3, 4), 4)
    const other = Buffer.from(bytes.toString('latin1').replaceAll('vector', 'values'), 'latin1')
    expect(await attempt('other.parquet', other, 4)).toMatchObject({
      message: expect.stringMatching(
        /expected the columns 'file', a string, and 'vector', a list of float, found file \(BYTE_ARRAY\), values \(FLOAT\)/,
      ) as string,
    })
  })
})

describe('what is no file of embeddings', () => {
  it.each<[string, RegExp, () => Promise<string>]>([
    ['nothing', /expected a file that can be read, found no such file/, async () => at('missing.npy')],
    [
      'a folder',
      /found a folder/,
      async () => mkdir(at('folder.npy'), { recursive: true }).then(() => at('folder.npy')),
    ],
    ['an empty file', /found an empty file/, async () => writeFile(at('empty.npy'), '').then(() => at('empty.npy'))],
    [
      'something else',
      /expected embeddings, as resnet embed writes them, found a file of another kind/,
      async () => writeFile(at('notes.npy'), 'my notes').then(() => at('notes.npy')),
    ],
    ['a device', /something that is no file/, async () => '/dev/null'],
  ])('is refused: %s', async (_, said, make) => {
    await expect(collect(readEmbeddings(await make(), 4))).rejects.toThrow(said)
  })

  it('is not changed by being read', async () => {
    const bytes = await encoded('npy', someEmbeddings(2, 4), 4)
    await attempt('same.npy', bytes, 4)
    expect((await readFile(at('same.npy'))).equals(bytes)).toBe(true)
  })
})
