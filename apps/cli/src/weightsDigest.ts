import { createHash, type Hash } from 'node:crypto'
import { bytesOfFloat32 } from '@resnet-ts/graph/floats'
import { type Checkpoint, readCheckpoint } from '@resnet-ts/weights'
import { download, embeddedWeights } from 'resnet-ts'

/** Element types of weights: all else in a checkpoint (counters) changes nothing. */
const floats = new Set(['F64', 'F32', 'F16', 'BF16'])

/**
 * Tells weights apart: a SHA-256 of the names, shapes and values of their tensors, whatever file they came in.
 *
 * @param name - the model's, of which they are where none are given
 * @param given - those that were given
 */
export async function weightsDigest(name: string, given: Checkpoint | undefined, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for (const checkpoint of given ? [given] : await usualWeights(name, signal)) hashTensors(checkpoint, hash)
  return `sha256:${hash.digest('hex')}`
}

/** Those that a model is loaded with by its name: embedded, or in the cache since then. */
async function usualWeights(name: string, signal: AbortSignal): Promise<readonly Checkpoint[]> {
  const embedded = embeddedWeights.find(
    ({ architecture, tag }) => name === architecture || name === `${architecture}.${tag}`,
  )
  if (embedded) return [await readCheckpoint(await (await embedded.load()).bytes())]
  const checkpoints: Checkpoint[] = []
  for (const file of await download(name, { signal })) checkpoints.push(await readCheckpoint(file, { signal }))
  return checkpoints
}

function hashTensors({ tensors }: Checkpoint, hash: Hash): void {
  for (const [name, tensor] of tensors) {
    if (!floats.has(tensor.dtype)) continue
    hash.update(`${JSON.stringify(name)} ${JSON.stringify(tensor.shape)}\n`)
    hash.update(bytesOfFloat32(tensor.read()))
  }
}
