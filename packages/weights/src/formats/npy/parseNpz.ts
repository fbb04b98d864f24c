import type { Checkpoint } from '../../checkpoint.js'
import type { ZipEntry } from '../zip/readZip.js'
import { npyTensor } from './parseNpy.js'

/**
 * The arrays of a `.npz` file, which `numpy.savez` and `numpy.savez_compressed` write: a zip archive of one `.npy` an
 * array. Arrays of numbers stored as they are are read in place.
 *
 * @throws {CheckpointError} when one of them is malformed, or holds anything but plain little-endian numbers
 */
export function parseNpz(entries: ReadonlyMap<string, ZipEntry>): Checkpoint {
  const arrays = [...entries.values()].filter(({ name }) => name.endsWith('.npy'))
  const tensors = arrays.map((entry) => {
    const name = entry.name.slice(0, -'.npy'.length)
    return [name, npyTensor(name, entry)] as const
  })
  return { format: 'npz', metadata: {}, tensors: new Map(tensors) }
}
