import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { type Embedding, EmbeddingsError } from './embedding.js'
import { encodeRecord, readRecords, recordSize } from './records.js'
import { openSource } from './source.js'

/** What embeddings must have in common to stand in one file. */
export interface Origin {
  readonly model: string
  /** A digest of the network's nodes. */
  readonly network: string
  /** A digest of the checkpoint. */
  readonly weights: string
  /** How images are prepared. */
  readonly preprocess: unknown
  readonly dimension: number
  /** The folder that the names of the images start from. */
  readonly base: string
}

/** The embeddings that are done, on disk, so that they outlive the process. */
export interface Journal {
  /** How many images it has. */
  readonly size: number
  has(file: string): boolean
  /** Adds embeddings. Once it returns, they outlive the process. */
  append(embeddings: readonly Embedding[]): Promise<void>
  /** Those of some files that it has, in their order. */
  read(files: Iterable<string>): AsyncIterable<Embedding>
  close(): Promise<void>
  /** Closes and deletes it. */
  remove(): Promise<void>
}

/**
 * Opens a journal, or begins one: a line of JSON that tells where the embeddings come from, and records. What was cut
 * off at its end, as by a crash, is discarded.
 *
 * @throws {EmbeddingsError} when it is of other embeddings, no journal, or cannot be read or written
 */
export async function openJournal(path: string, origin: Origin): Promise<Journal> {
  const header = Buffer.from(`${JSON.stringify({ journal: 'resnet embed', version: 1, ...origin })}\n`)
  const subject = `journal '${path}'`
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDWR | constants.O_CREAT)
  } catch (cause) {
    throw failure(subject, cause)
  }
  try {
    const { offsets, end } = await readJournal(path, subject, header, origin)
    await file.truncate(end)
    if (end === 0) await writeAt(file, header, 0, subject)
    return journalOf({ path, subject, file, dimension: origin.dimension }, offsets, end || header.length)
  } catch (error) {
    await file.close()
    throw error instanceof EmbeddingsError ? error : failure(subject, error)
  }
}

interface OpenFile {
  readonly path: string
  readonly subject: string
  readonly file: FileHandle
  readonly dimension: number
}

function journalOf({ path, subject, file, dimension }: OpenFile, offsets: Map<string, number>, start: number): Journal {
  let end = start
  return {
    get size() {
      return offsets.size
    },
    has: (name) => offsets.has(name),
    async append(embeddings) {
      const records = embeddings.map(encodeRecord)
      await writeAt(file, Buffer.concat(records), end, subject)
      for (const [index, record] of records.entries()) {
        offsets.set(embeddings[index]!.file, end)
        end += record.length
      }
    },
    async *read(files) {
      for (const name of files) {
        const offset = offsets.get(name)
        if (offset !== undefined) yield await readAt(file, { name, offset, dimension, subject })
      }
    },
    close: () => file.close(),
    async remove() {
      await file.close()
      await rm(path, { force: true })
    },
  }
}

async function writeAt(file: FileHandle, bytes: Buffer, start: number, subject: string): Promise<void> {
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten
    }
  } catch (cause) {
    throw failure(subject, cause)
  }
}

interface Place {
  readonly name: string
  readonly offset: number
  readonly dimension: number
  readonly subject: string
}

async function readAt(file: FileHandle, { name, offset, dimension, subject }: Place): Promise<Embedding> {
  const bytes = Buffer.alloc(recordSize(name, dimension))
  await file.read(bytes, 0, bytes.length, offset)
  const records = readRecords(once(bytes), dimension)
  const { value } = await records.next()
  if (value) return { file: name, vector: value.embedding.vector }
  throw new EmbeddingsError({
    subject,
    expected: 'the records that were written to it',
    found: 'others',
    advice: 'delete it, and see that no other process writes to it',
  })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes
}

/** Where the records are, by name, and where the last whole one ends; 0 when not even the header is whole. */
async function readJournal(
  path: string,
  subject: string,
  header: Buffer,
  origin: Origin,
): Promise<{ readonly offsets: Map<string, number>; readonly end: number }> {
  const offsets = new Map<string, number>()
  const source = await openSource(path, subject)
  try {
    const head = await source.bytes(0, Math.min(source.size, 2 ** 16))
    const lineEnd = head.indexOf(10) + 1
    if (lineEnd === 0 && header.subarray(0, head.length).equals(head)) return { offsets, end: 0 }
    checkOrigin(head.toString('utf8', 0, lineEnd), origin, subject)
    let end = lineEnd
    for await (const { embedding, size } of readRecords(source.chunks(lineEnd), origin.dimension)) {
      offsets.set(embedding.file, end)
      end += size
    }
    return { offsets, end }
  } finally {
    await source.close()
  }
}

const words: Readonly<Record<keyof Origin, string>> = {
  model: 'model',
  network: 'network',
  weights: 'weights',
  preprocess: 'preprocessing',
  dimension: 'dimension',
  base: 'folder',
}

function checkOrigin(line: string, origin: Origin, subject: string): void {
  const found = parse(line)
  const advice = 'delete it, or choose another --out'
  if (found?.journal !== 'resnet embed' || found.version !== 1) {
    throw new EmbeddingsError({ subject, expected: 'a journal of resnet embed', found: 'something else', advice })
  }
  const keys = Object.keys(words) as (keyof Origin)[]
  const different = keys.filter((key) => JSON.stringify(found[key]) !== JSON.stringify(origin[key]))
  if (different.length === 0) return
  throw new EmbeddingsError({
    subject,
    expected: `one of ${origin.model}, and of the same images`,
    found: `one with ${different.map((key) => `another ${words[key]}`).join(', ')} (${describe(found, different[0]!)})`,
    advice,
  })
}

function describe(found: Readonly<Record<string, unknown>>, key: keyof Origin): string {
  const text = typeof found[key] === 'string' ? found[key] : String(JSON.stringify(found[key]))
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

function failure(subject: string, cause: unknown): EmbeddingsError {
  const { code } = cause as NodeJS.ErrnoException
  const found = code === 'ENOSPC' ? 'no space left' : `the failure ${code ?? String(cause)}`
  return new EmbeddingsError({ subject, expected: 'one that can be written', found, cause })
}
