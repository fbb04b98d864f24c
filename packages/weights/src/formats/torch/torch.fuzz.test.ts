import fc from 'fast-check'
import { fixture } from '../../testing/fixtures.js'
import { fuzz, fuzzGenerated } from '../../testing/fuzz.js'
import { unpickle } from '../pickle/unpickle.js'
import { readZip } from '../zip/readZip.js'
import { parseTorchLegacy } from './torchLegacy.js'
import { parseTorchZip } from './torchZip.js'

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, fixture(name)]))

fuzz('PyTorch zip', {
  files: files('tiny.pt', 'tiny-protocol4.pt', 'wrapped.pt', 'strided.pt'),
  parse: (bytes) => parseTorchZip(readZip(bytes)),
  focus: [0, 0.4],
})

fuzz('PyTorch legacy', {
  files: files('tiny-legacy.pth', 'tiny-legacy-protocol3.pth', 'wrapped-legacy.pth', 'strided-legacy.pth'),
  parse: (bytes) => parseTorchLegacy(bytes),
  focus: [0, 0.6],
})

/** Instructions with arguments that fit, in any order: far more of them mean something than of bytes by chance. */
const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`
const names = ['collections\nOrderedDict', 'torch._utils\n_rebuild_tensor_v2', 'torch\nFloatStorage', 'numpy\ndtype']
const calls = [
  '_codecs\nencode',
  'numpy.core.multiarray\n_reconstruct',
  'builtins\nset',
  'builtins\ndict',
  'os\nsystem',
]
const instruction = fc.constantFrom(
  ...['(', ')', ']', '}', 'N', '0', '1', '2', 'a', 'e', 's', 'u', 't', 'l', 'd', 'R', 'b', 'Q', 'o'],
  ...['\x85', '\x86', '\x87', '\x88', '\x89', '\x81', '\x92', '\x8f', '\x90', '\x91', '\x93', '\x94'],
  ...[
    'K\x00',
    'K\x05',
    'J\xff\xff\xff\xff',
    'M\xff\xff',
    '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f',
    'I3\n',
    'F1e999\n',
  ],
  ...['q\x00', 'h\x00', 'q\x01', 'h\x01', 'C\x02ab', '\x95\0\0\0\0\0\0\0\0', '\x80\x02'],
  ...['storage', '0', 'latin1', 'f4', '<', 'a'].map(text),
  ...[...names, ...calls].map((name) => `c${name}\n`),
)
const system = '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}X\x0d\0\0\0little_endian\x88s.'

fuzzGenerated(
  'pickle',
  (bytes) => {
    unpickle(bytes, 0, { subject: 'pickle', persistent: (id) => id })
    return { format: '', metadata: {}, tensors: new Map() }
  },
  fc.array(instruction, { maxLength: 60 }).map((codes) => new Uint8Array(Buffer.from(`${codes.join('')}.`, 'latin1'))),
)

fuzzGenerated(
  'PyTorch legacy',
  (bytes) => parseTorchLegacy(bytes),
  fc
    .tuple(fc.array(instruction, { maxLength: 60 }), fc.string({ unit: 'binary-ascii', maxLength: 64 }))
    .map(
      ([codes, data]) => new Uint8Array(Buffer.from(`${system}${codes.join('')}.](${text('0')}e.${data}`, 'latin1')),
    ),
)
