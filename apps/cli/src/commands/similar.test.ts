import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'resnet-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatOf } from '../embeddings/formats.js'
import { bytesOf, sequence, shapeOf, someEmbeddings } from '../testing/embeddings.js'
import { errorsIn, example, resnet, temporaryFolders } from '../testing/run.js'

const temporaryFolder = temporaryFolders()
const images = ['chelsea.png', 'coffee.png', 'rocket.jpg'] as const

let folder: string
let chelsea: Float32Array
const at = (name: string) => join(folder, name)

async function write(name: string, embeddings: Parameters<typeof shapeOf>[0], dimension = 64): Promise<void> {
  const format = await formatOf(name)
  await writeFile(at(name), await bytesOf(format.encode(sequence(embeddings), shapeOf(embeddings, dimension))))
}

beforeAll(async () => {
  folder = await temporaryFolder()
  const model = await load()
  const vectors = await model.embed(images.map((name) => example(name)))
  await model.dispose()
  chelsea = vectors[0]!
  const embeddings = images.map((file, index) => ({ file, vector: vectors[index]! }))
  const twin = { file: 'twin.png', vector: vectors[0]!.map((value) => value * 2) }
  const zero = { file: 'zero.png', vector: new Float32Array(64) }
  const opposite = { file: 'opposite.png', vector: vectors[0]!.map((value) => -value) }
  for (const name of ['all.npy', 'all.jsonl', 'all.parquet']) await write(name, [zero, ...embeddings, opposite, twin])
  await mkdir(at('folder'))
})

describe('resnet similar', () => {
  it.each(['all.npy', 'all.jsonl', 'all.parquet'])('finds the nearest in %s', async (name) => {
    const { code, stdout, stderr } = await resnet('similar', example('chelsea.png'), '--in', at(name))
    expect(stdout.split('\n').map((line) => line.replace(/0\.\d+/, '*'))).toEqual([
      ' 1.0000  chelsea.png',
      ' 1.0000  twin.png',
      ' *  coffee.png',
      ' *  rocket.jpg',
      ' *  zero.png',
      '-1.0000  opposite.png',
      '',
    ])
    expect(stdout).toMatch(/^ 0\.0000 {2}zero\.png$/m)
    expect(errorsIn(stderr)).toEqual([])
    expect(code).toBe(0)
  })

  it('prints cosines as one JSON document', async () => {
    const args = ['--in', at('all.npy'), '--top', '3', '--json']
    const { code, stdout } = await resnet('similar', example('coffee.png'), ...args)
    const model = await load()
    const coffee = await model.embed(example('coffee.png'))
    await model.dispose()
    const dot = (left: Float32Array, right: Float32Array) => left.reduce((sum, value, i) => sum + value * right[i]!, 0)
    const cosine = dot(coffee, chelsea) / Math.sqrt(dot(coffee, coffee) * dot(chelsea, chelsea))
    expect(JSON.parse(stdout)).toEqual({
      image: example('coffee.png'),
      results: [
        { file: 'coffee.png', similarity: expect.closeTo(1, 12) as number },
        { file: 'chelsea.png', similarity: expect.closeTo(cosine, 12) as number },
        { file: 'twin.png', similarity: expect.closeTo(cosine, 12) as number },
      ],
    })
    expect(code).toBe(0)
  })

  it.each<[string, RegExp, () => Promise<string>]>([
    [
      'a file that is missing',
      /file '.*': expected a file that can be read, found no such file/,
      async () => at('missing.npy'),
    ],
    ['a folder', /found a folder/, async () => at('folder')],
    [
      'an image in place of features',
      /expected embeddings, as resnet embed writes them/,
      async () => example('rocket.jpg'),
    ],
    [
      'features of another model',
      /expected vectors of 64 numbers, as the model gives, found 5; give the model that made the file/,
      async () => write('five.jsonl', someEmbeddings(2, 5), 5).then(() => at('five.jsonl')),
    ],
    [
      'no features',
      /expected embeddings, found none/,
      async () => write('none.npy', [], 64).then(() => at('none.npy')),
    ],
  ])('fails in one sentence for %s', async (_, said, make) => {
    const { code, stdout, stderr } = await resnet('similar', example('chelsea.png'), '--in', await make())
    expect(errorsIn(stderr)).toHaveLength(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('fails in one sentence for a broken image', async () => {
    const { code, stderr } = await resnet('similar', at('missing.png'), '--in', at('all.npy'))
    expect(stderr).toMatch(/^error: .*missing\.png: expected an image file, found nothing at that path\.\n$/)
    expect(code).toBe(1)
  })
})
