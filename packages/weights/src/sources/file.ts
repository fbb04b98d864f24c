import { CheckpointError } from '../errors.js'
import type { NodeFiles } from './node.js'

/** @throws {CheckpointError} when there is no such file, or it cannot be read; the signal's reason once it is aborted */
export async function readFile(
  files: NodeFiles,
  path: string | URL,
  subject: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    // Anything else that can be opened, such as a pipe, might never end.
    const status = await files.stat(path)
    if (!status.isFile()) {
      const found = status.isDirectory() ? 'a folder' : 'something else'
      throw new CheckpointError({ subject, expected: 'a file', found, advice: 'name the file that holds the weights' })
    }
    return await files.readFile(path, { signal })
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (cause instanceof CheckpointError) throw cause
    throw new CheckpointError({ subject, expected: 'a file that can be read', found: describe(cause), cause })
  }
}

function describe(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file'
    case 'EACCES':
    case 'EPERM':
      return 'one without permission to read it'
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'one too large to be read at once'
    default:
      return `the failure ${code}`
  }
}
