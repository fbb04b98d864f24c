import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { collect, someEmbeddings } from '../testing/embeddings.js'
import { temporaryFolders } from '../testing/run.js'
import { type Journal, type Origin, openJournal } from './journal.js'

const temporaryFolder = temporaryFolders()
const dimension = 3
const origin: Origin = {
  model: 'resnet18',
  network: 'sha256:1',
  weights: 'sha256:2',
  preprocess: { size: [32, 32] },
  dimension,
  base: '/photos',
}
const embeddings = someEmbeddings(3, dimension)
const names = embeddings.map(({ file }) => file)

let path: string
beforeEach(async () => {
  path = join(await temporaryFolder(), 'out.npy.partial')
})

/** What a journal has of the three images, and its bytes once the rest is added. */
async function goOn(journal: Journal): Promise<{ readonly found: string[]; readonly bytes: Buffer }> {
  const found = names.filter(journal.has)
  expect(journal.size).toBe(found.length)
  await journal.append(embeddings.filter(({ file }) => !journal.has(file)))
  expect(await collect(journal.read(names))).toEqual(embeddings)
  await journal.close()
  return { found, bytes: await readFile(path) }
}

async function written(): Promise<Buffer> {
  const journal = await openJournal(path, origin)
  for (const embedding of embeddings) await journal.append([embedding])
  await journal.close()
  return readFile(path)
}

describe('a journal', () => {
  it('gives back what it was given, in any order', async () => {
    await written()
    const journal = await openJournal(path, origin)
    expect(journal.size).toBe(3)
    expect(await collect(journal.read([names[2]!, 'other.png', names[0]!]))).toEqual([embeddings[2], embeddings[0]])
    await journal.remove()
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })

  it('discards a record that is cut off at any byte', async () => {
    const whole = await written()
    const start = whole.length - 4 - names[2]!.length - 4 * dimension - 4
    for (let length = start; length < whole.length; length++) {
      await writeFile(path, whole)
      await truncate(path, length)
      const { found, bytes } = await goOn(await openJournal(path, origin))
      expect([length, found]).toEqual([length, names.slice(0, 2)])
      expect(bytes.equals(whole), `cut off after ${length} bytes`).toBe(true)
    }
  })

  it('begins anew when its first line is cut off at any byte', async () => {
    const whole = await written()
    for (let length = 0; length <= whole.indexOf('\n'); length++) {
      await writeFile(path, whole.subarray(0, length))
      const { found, bytes } = await goOn(await openJournal(path, origin))
      expect([length, found]).toEqual([length, []])
      expect(bytes.equals(whole), `cut off after ${length} bytes`).toBe(true)
    }
  })

  it('discards a record with any wrong byte, and what follows', async () => {
    const whole = await written()
    const size = 4 + names[1]!.length + 4 * dimension + 4
    const start = whole.length - 2 * size
    for (let offset = start; offset < start + size; offset++) {
      const damaged = Buffer.from(whole)
      damaged[offset]! ^= 0x40
      await writeFile(path, damaged)
      const { found, bytes } = await goOn(await openJournal(path, origin))
      expect([offset, found]).toEqual([offset, names.slice(0, 1)])
      expect(bytes.equals(whole), `wrong at ${offset}`).toBe(true)
    }
  })

  it.each<[Partial<Origin>, RegExp]>([
    [{ model: 'resnet34' }, /found one with another model \(resnet18\); delete it, or choose another --out\.$/],
    [{ weights: 'sha256:3' }, /another weights/],
    [{ network: 'sha256:3' }, /another network/],
    [{ preprocess: { size: [64, 64] } }, /another preprocessing \(\{"size":\[32,32\]\}\)/],
    [{ dimension: 4 }, /another dimension \(3\)/],
    [{ base: '/others' }, /another folder \(\/photos\)/],
  ])('of other embeddings is refused, and kept: %o', async (other, said) => {
    const whole = await written()
    await expect(openJournal(path, { ...origin, ...other })).rejects.toThrow(said)
    expect((await readFile(path)).equals(whole)).toBe(true)
  })

  it.each(['my notes\n', 'my notes', '{}\n', 'null\n', '[1]\n', '{"journal":"resnet embed","version":2}\n'])(
    'is not taken for one: %j',
    async (text) => {
      await writeFile(path, text)
      await expect(openJournal(path, origin)).rejects.toThrow(
        /expected a journal of resnet embed, found something else/,
      )
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )

  it('cannot be in a folder that is not there', async () => {
    await expect(openJournal(join(path, 'x'), origin)).rejects.toThrow(/expected one that can be written/)
  })
})
