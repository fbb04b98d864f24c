import type { Checkpoint, ParseOptions } from '../../checkpoint.js'
import { CheckpointError } from '../../errors.js'
import { firstOf, quote } from '../../text.js'
import { readZip } from './readZip.js'

/**
 * The checkpoint in a zip archive, whose entries tell what it is: PyTorch's, NumPy's or Keras's.
 *
 * @throws {CheckpointError} when it is none of them, or malformed
 */
export async function parseZip(bytes: Uint8Array, options: ParseOptions = {}): Promise<Checkpoint> {
  const entries = readZip(bytes)
  const names = [...entries.keys()]
  if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) {
    return (await import('../torch/torchZip.js')).parseTorchZip(entries, options)
  }
  if (entries.has('model.weights.h5')) return (await import('../keras.js')).parseKerasArchive(entries)
  if (names.some((name) => name.endsWith('.npy'))) return (await import('../npy/parseNpz.js')).parseNpz(entries)
  throw new CheckpointError({
    subject: 'zip archive',
    expected: "the files of a PyTorch, NumPy or Keras checkpoint ('data.pkl', '….npy', 'model.weights.h5')",
    found: names.length > 0 ? firstOf(names.map(quote)) : 'none',
    advice: 'unpack it first, where the checkpoint is one of its files',
  })
}
