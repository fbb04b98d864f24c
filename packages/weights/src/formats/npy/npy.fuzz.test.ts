import fc from 'fast-check'
import { fixture } from '../../testing/fixtures.js'
import { fuzz, fuzzGenerated } from '../../testing/fuzz.js'
import { readZip } from '../zip/readZip.js'
import { parseNpy } from './parseNpy.js'
import { parseNpz } from './parseNpz.js'

const archives = { stored: fixture('tiny.npz'), deflated: fixture('tiny-compressed.npz'), types: fixture('types.npz') }

fuzz('npz, its entries', { files: archives, parse: (bytes) => parseNpz(readZip(bytes)), focus: [0, 0.2] })
fuzz('npz, its directory', { files: archives, parse: (bytes) => parseNpz(readZip(bytes)), focus: [0.7, 1] })
fuzz('npy', { files: { values: fixture('values.npy') }, parse: parseNpy, focus: [0, 0.5] })

const code = fc.constantFrom("'<f4'", "'<f2'", "'>f4'", "'|O'", "'<U3'", "[('x', '<f4')]", "'<f8'", "'|b1'", '1')
const size = fc.oneof(fc.nat(8), fc.constantFrom(-1, 2 ** 31, 2 ** 53, '1e9', '2L', ''))
const dictionary = fc
  .tuple(code, fc.constantFrom('True', 'False', 'None', ''), fc.array(size, { maxLength: 5 }))
  .map(([descr, order, sizes]) => `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${sizes.join(', ')}), }\n`)

fuzzGenerated(
  'npy',
  parseNpy,
  fc
    .tuple(
      fc.oneof(dictionary, fc.string({ unit: 'binary-ascii' })),
      fc.constantFrom(1, 2, 3, 4),
      fc.uint8Array({ maxLength: 128 }),
    )
    .map(([header, version, data]) => {
      const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0]
      const start = Uint8Array.of(...Buffer.from('\x93NUMPY', 'latin1'), version, 0, ...length)
      return new Uint8Array(Buffer.concat([start, Buffer.from(header, 'latin1'), data]))
    }),
)
