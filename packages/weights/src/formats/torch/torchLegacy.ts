import type { Checkpoint, ParseOptions } from '../../checkpoint.js'
import { CheckpointError } from '../../errors.js'
import { quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { bytesPerElement, describe, storageOf } from '../pickle/names.js'
import { unpickle } from '../pickle/unpickle.js'
import type { Fail, PickledStorage } from '../pickle/values.js'
import { checkpointOf } from './stateDict.js'
import type { StorageBytes } from './tensors.js'

const subject = 'PyTorch legacy file'
const magic = 0x1950a86a20f9469cfc6cn
const protocolVersion = 1001

/**
 * A file that `torch.save` wrote before PyTorch 1.6, or was asked to write later: one pickle after another (a magic
 * number, the version, facts about the machine, the object, the storages' keys), and then the storages, each its
 * number of elements (eight bytes) and its bytes.
 *
 * @throws {CheckpointError} when it is malformed, big-endian, or its pickle holds more than tensors
 */
export function parseTorchLegacy(bytes: Uint8Array, { part }: ParseOptions = {}): Checkpoint {
  let at = 0
  const next = (persistent?: (id: unknown, fail: Fail) => unknown): unknown => {
    const { value, end } = unpickle(bytes, at, { subject: `${subject}, pickle at byte ${at}`, persistent })
    at = end
    return value
  }
  const first = next()
  if (first !== magic) fail('its magic number', describe(first))
  const version = next()
  if (version !== protocolVersion) fail(`version ${protocolVersion}`, String(version))
  checkSystem(next())
  const storages = new Map<string, PickledStorage>()
  const object = next((id, failPickle) => {
    const storage = storageOf(id, failPickle)
    storages.set(storage.key, storage)
    return storage
  })
  const keys = next()
  if (!Array.isArray(keys)) return fail("the storages' keys", describe(keys))
  const places = locate(new ByteReader(bytes, subject, at), keys, storages)
  const place = (key: string) => places.get(key) ?? fail(`the storage ${quote(key)} that its pickle names`, 'nothing')
  return checkpointOf(object, place, { format: 'pytorch-legacy', part })
}

function checkSystem(system: unknown): void {
  if (!(system instanceof Map)) fail('facts about the machine', describe(system))
  else if (system.get('little_endian') !== true) {
    fail('little-endian numbers', 'big-endian ones', 're-save it on a little-endian machine')
  }
}

/** Where the bytes of each storage are. */
function locate(
  reader: ByteReader,
  keys: readonly unknown[],
  storages: ReadonlyMap<string, PickledStorage>,
): ReadonlyMap<string, StorageBytes> {
  const places = new Map<string, StorageBytes>()
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (typeof key !== 'string' || !storage || places.has(key))
      return fail('each key once, of a storage', describe(key))
    const length = reader.u64()
    if (length !== storage.length) fail(`${storage.length} elements for ${quote(key)}`, String(length))
    const bytes = reader.take(length * bytesPerElement.get(storage.dtype ?? 'U8')!)
    places.set(key, { size: bytes.length, read: () => bytes })
  }
  return places
}

function fail(expected: string, found: string, advice?: string): never {
  throw new CheckpointError({ subject, expected, found, advice })
}
