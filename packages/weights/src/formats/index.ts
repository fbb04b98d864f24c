import type { Checkpoint, ParseOptions } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import type { Siblings } from './files.js'
import { parseSafetensors } from './safetensors.js'

/** What reading one file takes. */
export interface FileOptions extends ParseOptions {
  /** Brings the files beside it, which an index or a `model.json` lists. */
  readonly siblings: Siblings
}

/** A kind of file that is recognised by what is in it. */
interface Content {
  /** In words, with its article. */
  readonly description: string
  recognises(bytes: Uint8Array): boolean
  /**
   * Reads it. A format other than safetensors is a module of its own that is imported here, when such a file is
   * met: `async (bytes) => (await import('./FORMAT.js')).parse(bytes)`.
   */
  readonly parse?: ((bytes: Uint8Array, options: FileOptions) => Checkpoint | Promise<Checkpoint>) | undefined
  /** What to do about a file that cannot be read. */
  readonly advice?: string | undefined
}

/** In the order in which they are tried. */
const contents: readonly Content[] = [
  {
    description: 'a JSON file',
    // No zeros among its first bytes, as the length of a safetensors header has.
    recognises: (bytes) => /^\s*[{[]/.test(text(bytes, 0, 64)) && !text(bytes, 0, 8).includes('\0'),
    parse: async (bytes, options) =>
      (await import('./parseJson.js')).parseJson(bytes, options.siblings, (file) => parseFile(file, options.part)),
  },
  {
    description: 'a safetensors file',
    // The header's brace, after its length: a length that lies is for the parser to refuse.
    recognises: (bytes) => startsWith(bytes, '{', 8),
    parse: (bytes) => parseSafetensors(bytes),
  },
  {
    description: 'a zip archive',
    recognises: (bytes) => startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06'),
    parse: async (bytes, options) => (await import('./zip/parseZip.js')).parseZip(bytes, options),
  },
  {
    description: 'a PyTorch legacy file',
    // The magic number that torch.save pickled first, before version 1.6; protocol 4 puts a frame before it.
    recognises: (bytes) => bytes[0] === 0x80 && text(bytes, 2, 20).includes('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8'),
    parse: async (bytes, options) => (await import('./torch/torchLegacy.js')).parseTorchLegacy(bytes, options),
  },
  {
    description: 'a Python pickle',
    recognises: (bytes) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
    advice: 're-save what it holds in Python, with torch.save, numpy.savez or as safetensors',
  },
  {
    description: 'an HDF5 file, as Keras writes',
    recognises: (bytes) => startsWith(bytes, '\x89HDF\r\n\x1a\n'),
    parse: async (bytes) => (await import('./keras.js')).parseKerasH5(bytes),
  },
  {
    description: 'a NumPy .npy file',
    recognises: (bytes) => startsWith(bytes, '\x93NUMPY'),
    parse: async (bytes) => (await import('./npy/parseNpy.js')).parseNpy(bytes),
  },
  {
    description: 'what looks like an ONNX model',
    // Protocol buffer field 1, the version, below 32; then another field of ModelProto.
    recognises: (bytes) => bytes[0] === 0x08 && bytes[1]! < 32 && [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(bytes[2]!),
    parse: async (bytes) => (await import('./onnx.js')).parseOnnx(bytes),
  },
  {
    description: 'a Git LFS pointer',
    recognises: (bytes) => startsWith(bytes, 'version https://git-lfs'),
    advice: "fetch the file that it stands for, with 'git lfs pull'",
  },
  {
    description: 'a web page',
    recognises: (bytes) => /^\s*<(!doctype|html|\?xml)/i.test(text(bytes, 0, 64)),
    advice: 'check the address: it may ask for a login, or lead to a page about the file',
  },
  { description: 'a tar archive', recognises: (bytes) => startsWith(bytes, 'ustar', 257), advice: 'unpack it first' },
  { description: 'a gzip file', recognises: (bytes) => startsWith(bytes, '\x1f\x8b'), advice: 'unpack it first' },
]

/** What kind of file it is, judged by its content, never by its name. */
export function recognise(bytes: Uint8Array): Content | undefined {
  return contents.find((content) => content.recognises(bytes))
}

/** The checkpoint in a file that an index lists, whatever its format; but not another index. */
async function parseFile(file: Uint8Array, part: string | undefined): Promise<Checkpoint> {
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength)
  const content = recognise(bytes)
  const siblings: Siblings = () => {
    throw new CheckpointError({ subject: 'shard', expected: 'weights', found: 'a list of other files' })
  }
  if (content?.parse) return content.parse(bytes, { part, siblings })
  throw new CheckpointError({
    subject: 'shard',
    expected: 'weights',
    found: bytes.length === 0 ? 'nothing at all' : (content?.description ?? 'a file of an unknown kind'),
    advice: content?.advice,
  })
}

function startsWith(bytes: Uint8Array, magic: string, offset = 0): boolean {
  return text(bytes, offset, magic.length) === magic
}

/** Bytes as characters, one each. */
function text(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length))
}
