import { type FileHandle, open } from 'node:fs/promises'
import { EmbeddingsError } from './embedding.js'

const chunkSize = 2 ** 20

/** A file that is open for reading. */
export interface Source {
  readonly size: number
  /**
   * The bytes from `start` to `end`.
   *
   * @throws {EmbeddingsError} when the file became shorter
   */
  bytes(start: number, end: number): Promise<Buffer>
  /** All bytes from `start` on, piece by piece. */
  chunks(start?: number): AsyncGenerator<Buffer, void>
  close(): Promise<void>
}

/**
 * Opens a file of embeddings.
 *
 * @param subject - the file, for errors
 * @throws {EmbeddingsError} when it is missing, no file, or cannot be read
 */
export async function openSource(path: string, subject: string): Promise<Source> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (cause) {
    throw unreadable(subject, describeFailure(cause), cause)
  }
  const found = await file.stat()
  if (!found.isFile()) {
    await file.close()
    throw unreadable(subject, found.isDirectory() ? 'a folder' : 'something that is no file')
  }
  return sourceOf(file, found.size, subject)
}

function sourceOf(file: FileHandle, size: number, subject: string): Source {
  const read = async (start: number, length: number) => {
    const buffer = Buffer.alloc(length)
    let filled = 0
    try {
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
    } catch (cause) {
      throw unreadable(subject, describeFailure(cause), cause)
    }
    return buffer.subarray(0, filled)
  }
  return {
    size,
    async bytes(start, end) {
      const bytes = await read(start, end - start)
      if (bytes.length === end - start) return bytes
      throw unreadable(subject, `one that ends after ${start + bytes.length} bytes of ${size}`)
    },
    async *chunks(start = 0) {
      for (let position = start; position < size; position += chunkSize) {
        yield await read(position, Math.min(chunkSize, size - position))
      }
    },
    close: () => file.close(),
  }
}

function unreadable(subject: string, found: string, cause?: unknown): EmbeddingsError {
  return new EmbeddingsError({ subject, expected: 'a file that can be read', found, cause })
}

function describeFailure(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file'
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it'
    case 'EISDIR':
      return 'a folder'
    default:
      return `the failure ${code ?? String(cause)}`
  }
}
