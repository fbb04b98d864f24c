import { CheckpointError } from '../../errors.js'
import { ByteReader } from '../byteReader.js'
import { textAttribute } from './attributes.js'
import { type Dataset, readDataset } from './dataset.js'
import { readLinks } from './group.js'
import { expectSignature, readAddress, readHeader } from './header.js'

/** More objects than any checkpoint has, more properties and names in all, and groups nested deeper. */
const mostObjects = 50_000
const mostMessages = 400_000
const mostLinks = 200_000
const deepest = 32
/** How much more than the file's own size all arrays in chunks may hold together. */
const mostInflation = 64 * 2 ** 20

/** An array of an HDF5 file, and where it is. */
export interface Hdf5Array extends Dataset {
  /** The names of its group, that group's, and so on from the outermost, and its own. */
  readonly path: readonly string[]
  /** The text attribute `name` of the group that it is in, where there is one. */
  readonly groupName: string | undefined
}

/**
 * All arrays of an HDF5 file, in the order of its groups
 * (https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html): as much of the format as h5py writes for Keras, with any of
 * its settings but `libver='latest'`. Arrays in one piece are views of the file.
 *
 * @throws {CheckpointError} when it is malformed, or uses more of the format
 */
export function readHdf5(file: Uint8Array): readonly Hdf5Array[] {
  const arrays: Hdf5Array[] = []
  const seen = new Set<number>()
  let [inflated, messageCount, linkCount] = [0, 0, 0]
  const visit = (address: number, path: readonly string[], parentName: string | undefined): void => {
    // A group may have several names, and even be in itself.
    if (seen.has(address)) return
    seen.add(address)
    if (seen.size > mostObjects) throw refusal(`at most ${mostObjects} objects`, 'more')
    if (path.length > deepest) throw refusal(`groups at most ${deepest} deep`, 'deeper ones')
    const messages = readHeader(file, address)
    messageCount += messages.length
    if (messageCount > mostMessages) throw refusal(`at most ${mostMessages} properties`, 'more')
    const dataset = readDataset(file, path.join('/'), messages)
    if (dataset) {
      inflated += dataset.inflated
      if (inflated > file.length + mostInflation)
        throw refusal('arrays of the size of a checkpoint’s', 'far larger ones')
      arrays.push({ ...dataset, path, groupName: parentName })
      return
    }
    const name = textAttribute(file, messages, 'name')
    const links = readLinks(file, messages)
    linkCount += links.size
    if (linkCount > mostLinks) throw refusal(`at most ${mostLinks} names`, 'more')
    for (const [link, child] of links) visit(child, [...path, link], name)
  }
  visit(rootAddress(file), [], undefined)
  return arrays
}

function rootAddress(file: Uint8Array): number {
  const reader = new ByteReader(file, 'HDF5 file')
  expectSignature(reader, '\x89HDF')
  reader.take(4)
  const version = reader.u8()
  if (version > 3) reader.fail('version 0 to 3', String(version))
  if (version < 2) reader.take(4)
  const [offsets, lengths] = [reader.u8(), reader.u8()]
  if (offsets !== 8 || lengths !== 8) reader.fail('addresses of 64 bits', `${8 * offsets} and ${8 * lengths}`)
  reader.take(version === 0 ? 9 : version === 1 ? 13 : 1)
  const base = readAddress(reader)
  if (base !== 0) reader.fail('addresses that count from the start', `from ${base}`)
  // Up to the root group: three addresses and its name's in the old versions, two in the new ones.
  reader.take(version < 2 ? 32 : 16)
  return readAddress(reader) ?? reader.fail('a root group', 'none')
}

function refusal(expected: string, found: string): CheckpointError {
  return new CheckpointError({ subject: 'HDF5 file', expected, found })
}
