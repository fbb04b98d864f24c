import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import { quote } from '../text.js'
import { fetchListed, type Siblings } from './files.js'
import { field } from './json.js'

const subject = 'index of shards'

/** Whether a description in JSON is that of a checkpoint in several files. */
export function isShardIndex(description: unknown): boolean {
  const map = field(description, 'weight_map')
  return typeof map === 'object' && map !== null
}

/**
 * A checkpoint in several files, as Hugging Face's libraries save large ones: `model.safetensors.index.json` (or
 * `pytorch_model.bin.index.json`) lists which file each tensor is in.
 *
 * @param parse reads one of the files
 * @throws {CheckpointError} when a file is not there, or lacks a tensor that the index lists
 */
export async function parseShards(
  description: unknown,
  siblings: Siblings,
  parse: (bytes: Uint8Array) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const places = Object.entries(field(description, 'weight_map') as Record<string, unknown>)
  const files = await fetchListed(
    subject,
    places.map(([, path]) => path),
    siblings,
  )
  const shards = new Map<unknown, Checkpoint>()
  for (const [path, bytes] of files) shards.set(path, await parse(bytes))
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, path] of places) {
    const tensor = shards.get(path)?.tensors.get(name)
    if (!tensor) {
      const found = `nothing of that name in ${quote(String(path))}`
      throw new CheckpointError({ subject, expected: `tensor ${quote(name)}, as it lists`, found })
    }
    tensors.set(name, tensor)
  }
  const [first] = shards.values()
  if (!first) throw new CheckpointError({ subject, expected: 'tensors', found: 'none' })
  return { ...first, tensors }
}
