import fc from 'fast-check'
import { fixture } from '../testing/fixtures.js'
import { fuzz, fuzzGenerated } from '../testing/fuzz.js'
import { parseKerasArchive, parseKerasH5 } from './keras.js'
import { readZip } from './zip/readZip.js'

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, fixture(name)]))

fuzz('Keras HDF5', {
  files: files('tiny.h5', 'tiny-model.h5', 'tiny-latest.h5', 'tiny.weights.h5', 'chunks.h5'),
  parse: parseKerasH5,
  focus: [0, 0.15],
})
fuzz('Keras archive', { files: files('tiny.keras'), parse: (bytes) => parseKerasArchive(readZip(bytes)) })

/** A file whose structures are there, and lead anywhere. */
const address = fc.nat(63).map((place) => [...new Uint8Array(BigUint64Array.of(BigInt(place * 24)).buffer)])
const structure = fc.oneof(
  fc.constantFrom(
    [...Buffer.from('TREE'), 0, 0, 2, 0],
    [...Buffer.from('TREE'), 0, 1, 2, 0],
    [...Buffer.from('TREE'), 1, 0, 1, 0],
    [...Buffer.from('SNOD'), 1, 0, 2, 0],
    [...Buffer.from('HEAP'), 0, 0, 0, 0],
    [...Buffer.from('OHDR'), 2, 0, 64, 6],
    [1, 0, 2, 0, 1, 0, 0, 0],
    [64, 0, 0, 0, 0, 0, 0, 0],
    [0x11, 0, 16, 0, 0, 0, 0, 0],
    [0x10, 0, 16, 0, 0, 0, 0, 0],
    [1, 0, 8, 0, 0, 0, 0, 0],
    [3, 0, 24, 0, 0, 0, 0, 0],
    [8, 0, 24, 0, 0, 0, 0, 0],
    [255, 255, 255, 255, 255, 255, 255, 255],
  ),
  address,
)
const superblock = [...Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]

fuzzGenerated(
  'HDF5',
  parseKerasH5,
  fc
    .tuple(address, fc.array(structure, { minLength: 8, maxLength: 190 }))
    .map(([root, pieces]) => Uint8Array.from([...superblock, ...new Array(40).fill(0), ...root, ...pieces.flat()])),
)
