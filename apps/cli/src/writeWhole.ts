import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OptionError } from '@resnet-ts/graph'

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

/**
 * Writes a file as a whole or not at all: beside it first, and then in its place. A link keeps leading to it; what is
 * no file (a pipe, a device) is written to as it is.
 *
 * @throws {OptionError} when it cannot be written
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    const found = await stat(path).catch(ifMissing)
    if (found && !found.isFile()) return await writeFile(path, text)
    const target = await targetOf(path)
    const temporary = `${target}.${randomUUID()}.tmp`
    try {
      await writeFile(temporary, text, { flag: 'wx' })
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (cause) {
    throw unwritable(path, describeFailure(cause), cause)
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
