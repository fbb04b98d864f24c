import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import type { Siblings } from './files.js'
import { readJson } from './json.js'
import { isShardIndex, parseShards } from './shards.js'
import { isTfjsModel, parseTfjs } from './tfjs.js'

/**
 * The checkpoint that a file in JSON describes, with the files beside it: the shards of an index, or the weights of a
 * tfjs model.
 *
 * @throws {CheckpointError} when it describes neither, or one of the files is malformed or not there
 */
export async function parseJson(
  bytes: Uint8Array,
  siblings: Siblings,
  parse: (bytes: Uint8Array) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const description = readJson(bytes, 'JSON file')
  if (isShardIndex(description)) return parseShards(description, siblings, parse)
  if (isTfjsModel(description)) return parseTfjs(description, siblings)
  throw new CheckpointError({
    subject: 'JSON file',
    expected: "an index of shards ('weight_map') or a tfjs model ('weightsManifest')",
    found: 'something else',
    advice: 'name the file that holds the weights',
  })
}
