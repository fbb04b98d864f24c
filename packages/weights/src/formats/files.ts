import { CheckpointError } from '../errors.js'
import { quote } from '../text.js'

/** Brings the bytes of another file, by its path from the one at hand. */
export type Siblings = (path: string) => Promise<Uint8Array>

/** More files than any checkpoint is split into. */
const mostFiles = 1000

/**
 * The files that a description lists, each once.
 *
 * @param subject the description, for messages
 * @throws {CheckpointError} when there are too many, or a path leads out of the description's folder
 */
export async function fetchListed(
  subject: string,
  paths: readonly unknown[],
  siblings: Siblings,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = [...new Set(paths)]
  if (wanted.length > mostFiles) {
    throw new CheckpointError({ subject, expected: `at most ${mostFiles} files`, found: String(wanted.length) })
  }
  const checked = wanted.map((path) => checkedPath(subject, path))
  return new Map(await Promise.all(checked.map(async (path) => [path, await siblings(path)] as const)))
}

function checkedPath(subject: string, path: unknown): string {
  const isInside =
    typeof path === 'string' &&
    path.length <= 1000 &&
    path.split('/').every((part) => /^(?!\.{1,2}$)[^\\:\0]+$/.test(part))
  if (isInside) return path
  const found = typeof path === 'string' ? quote(path) : typeof path
  throw new CheckpointError({ subject, expected: 'the paths of files beside it', found })
}
