import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OptionError, ResnetError } from '@resnet-ts/graph'

/**
 * Makes sure, before the work begins, that a file can be written when it is done.
 *
 * @throws {OptionError} when it cannot
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(ifMissing)
    if (found?.isDirectory()) throw unwritable(path, 'a folder')
    if (found) await access(path, constants.W_OK)
    if (!found || found.isFile()) await access(dirname(await targetOf(path)), constants.W_OK)
  } catch (cause) {
    throw cause instanceof OptionError ? cause : unwritable(path, describeFailure(cause), cause)
  }
}

/** What a file is to hold; of a sequence, one piece at a time is held. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array>

export interface WriteOptions {
  /** What the file is called until it is whole: one that was left there by a crash is overwritten. */
  readonly temporary?: string
  readonly signal?: AbortSignal
}

/**
 * Writes a file as a whole or not at all: beside it first, and then in its place. A link keeps leading to it; what is
 * no file (a pipe, a device) is written to as it is.
 *
 * @throws {OptionError} when it cannot be written
 * @throws {ResnetError} what the content throws
 * @throws the signal's reason, once it is aborted
 */
export async function writeWhole(path: string, content: Content, options: WriteOptions = {}): Promise<void> {
  const { signal } = options
  try {
    const found = await stat(path).catch(ifMissing)
    if (found && !found.isFile()) return await writeFile(path, content, { signal })
    const target = await targetOf(path)
    const temporary = options.temporary ?? `${target}.${randomUUID()}.tmp`
    try {
      await writeFile(temporary, content, { flag: options.temporary ? 'w' : 'wx', signal, flush: true })
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause instanceof ResnetError ? cause : unwritable(path, describeFailure(cause), cause)
  }
}

async function targetOf(path: string): Promise<string> {
  return (await realpath(path).catch(ifMissing)) ?? path
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

function unwritable(path: string, found: string, cause?: unknown): OptionError {
  return new OptionError({ subject: `file '${path}'`, expected: 'one that can be written', found, cause })
}

function describeFailure(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'that its folder does not exist'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission to write there'
    case 'ENOSPC':
      return 'no space left'
    default:
      return `the failure ${code ?? String(cause)}`
  }
}
