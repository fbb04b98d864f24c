import type { Checkpoint, CheckpointTensor, ParseOptions } from './checkpoint.js'
import { CheckpointError } from './errors.js'
import type { Siblings } from './formats/files.js'
import { type FileOptions, recognise } from './formats/index.js'
import type { FetchedFile } from './hub/fetchedFile.js'
import type { HubModel } from './hub/hubModel.js'
import { describeHubName } from './hub/hubName.js'
import { describeFile } from './hub/remote.js'
import type { HubOptions } from './hub/settings.js'
import { besideFiles, besideSource, type CheckpointFiles, chooseMain, isFiles } from './siblings.js'
import { bytesOf, type CheckpointSource, describeSource } from './sources/index.js'
import { quote } from './text.js'

/** How a checkpoint is fetched, and what of it is taken. */
export interface ReadOptions extends HubOptions, ParseOptions {}

/** A checkpoint in one place, in several files, or brought from a hub. */
export type ReadSource = CheckpointSource | CheckpointFiles | HubModel | FetchedFile

/**
 * Reads a checkpoint, from wherever it is. Its format is told by its content, not by its name.
 *
 * @param source - a path, a URL, a `Blob`, bytes; `hf:owner/name@revision`, or what `fetchHubModel`, `fetchHubFile` or
 * `fetchTorchFile` brought; or several files: an index of shards or a tfjs `model.json` and what it lists, which are
 * otherwise looked for beside it
 * @throws {CheckpointError} when it cannot be found or fetched, is not a checkpoint, or is malformed
 */
export async function readCheckpoint(source: ReadSource, options: ReadOptions = {}): Promise<Checkpoint> {
  if (isHubModel(source)) return readHubModel(source, options)
  if (isFetchedFile(source)) {
    const subject = quote(source.path)
    return parse(await source.bytes(), subject, { ...options, siblings: none(subject) })
  }
  if (typeof source === 'string' && source.startsWith('hf:')) {
    const { fetchHubModel } = await import('./hub/hubModel.js')
    return readHubModel(await fetchHubModel(source, options), options)
  }
  if (isFiles(source)) {
    const main = chooseMain(source)
    const siblings = besideFiles(source, main.name, options)
    return parse(await bytesOf(main.source, options), quote(main.name), { ...options, siblings })
  }
  const siblings = besideSource(source, options)
  return parse(await bytesOf(source, options), describeSource(source), { ...options, siblings })
}

/** The tensors of all files together. */
async function readHubModel(model: HubModel, options: ParseOptions): Promise<Checkpoint> {
  const checkpoints: Checkpoint[] = []
  for (const file of model.weights) {
    const subject = describeFile(model, file.path)
    checkpoints.push(await parse(await file.bytes(), subject, { ...options, siblings: none(subject) }))
  }
  if (checkpoints.length === 1) return checkpoints[0]!
  const tensors = new Map<string, CheckpointTensor>()
  for (const [key, tensor] of checkpoints.flatMap((checkpoint) => [...checkpoint.tensors])) {
    if (tensors.has(key)) {
      const subject = `${describeHubName(model)}, tensor ${quote(key)}`
      throw new CheckpointError({ subject, expected: 'one', found: 'another in a second file' })
    }
    tensors.set(key, tensor)
  }
  return { ...checkpoints[0]!, tensors }
}

/** A hub's index was followed before. */
function none(subject: string): Siblings {
  return () => {
    throw new CheckpointError({ subject, expected: 'weights', found: 'a list of other files' })
  }
}

async function parse(file: Uint8Array, subject: string, options: FileOptions): Promise<Checkpoint> {
  // Node's Buffer slices differently: work on a plain view of it.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength)
  const content = recognise(bytes)
  if (!content?.parse) {
    throw new CheckpointError({
      subject,
      expected: 'a file of weights',
      found: bytes.length === 0 ? 'an empty file' : (content?.description ?? 'a file of an unknown kind'),
      advice: content?.advice,
    })
  }
  try {
    return await content.parse(bytes, options)
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    throw new CheckpointError({ ...error.details, subject: `${subject}, ${error.details.subject}` })
  }
}

function isHubModel(source: ReadSource): source is HubModel {
  return typeof source === 'object' && source !== null && 'repo' in source && 'weights' in source
}

function isFetchedFile(source: ReadSource): source is FetchedFile {
  // A Blob may have both: `bytes` of late, `path` in Electron.
  return typeof source === 'object' && source !== null && 'path' in source && !('arrayBuffer' in source)
}
