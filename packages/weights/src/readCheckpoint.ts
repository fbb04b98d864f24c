import type { Checkpoint, ParseOptions } from './checkpoint.js'
import { CheckpointError } from './errors.js'
import { recognise } from './formats/index.js'
import { bytesOf, type CheckpointSource, describeSource, type SourceOptions } from './sources/index.js'

/** How a checkpoint is fetched, and what of it is taken. */
export interface ReadOptions extends SourceOptions, ParseOptions {}

/**
 * Reads a checkpoint, from wherever it is. Its format is told by its content, not by its name.
 *
 * @throws {CheckpointError} when it cannot be found or fetched, is not a checkpoint, or is malformed
 */
export async function readCheckpoint(source: CheckpointSource, options: ReadOptions = {}): Promise<Checkpoint> {
  const given = await bytesOf(source, options)
  // Node's Buffer slices differently: work on a plain view of it.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  const content = recognise(bytes)
  if (!content?.parse) {
    throw new CheckpointError({
      subject: describeSource(source),
      expected: 'a file of weights',
      found: bytes.length === 0 ? 'an empty file' : (content?.description ?? 'a file of an unknown kind'),
      advice: content?.advice,
    })
  }
  try {
    return await content.parse(bytes, options)
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    const subject = `${describeSource(source)}, ${error.details.subject}`
    throw new CheckpointError({ ...error.details, subject })
  }
}
