import type { Checkpoint, ParseOptions } from '../../checkpoint.js'
import { CheckpointError } from '../../errors.js'
import { quote } from '../../text.js'
import { storageOf } from '../pickle/names.js'
import { unpickle } from '../pickle/unpickle.js'
import type { ZipEntry } from '../zip/readZip.js'
import { checkpointOf } from './stateDict.js'

/**
 * A file that `torch.save` wrote since PyTorch 1.6: a zip archive of `data.pkl`, a pickle, and of one `data/KEY` a
 * storage. Tensors are views of it where they are stored uncompressed, as PyTorch does.
 *
 * @throws {CheckpointError} when it is malformed, big-endian, TorchScript, or its pickle holds more than tensors
 */
export function parseTorchZip(entries: ReadonlyMap<string, ZipEntry>, { part }: ParseOptions = {}): Checkpoint {
  const pickle = [...entries.values()].find(({ name }) => /(^|\/)data\.pkl$/.test(name))
  if (!pickle) throw refusal('a data.pkl', 'none')
  const folder = pickle.name.slice(0, -'data.pkl'.length)
  checkArchive(entries, folder)
  const { value } = unpickle(pickle.read(), 0, { subject: `pickle ${quote(pickle.name)}`, persistent: storageOf })
  const storage = (key: string) => {
    const entry = entries.get(`${folder}data/${key}`)
    return entry ?? fail(`the storage ${quote(key)} that its pickle names`)
  }
  return checkpointOf(value, storage, { format: 'pytorch', part })
}

function checkArchive(entries: ReadonlyMap<string, ZipEntry>, folder: string): void {
  if (entries.has(`${folder}constants.pkl`)) {
    throw refusal('a state_dict', 'a TorchScript archive', 're-save it with torch.save(model.state_dict(), …)')
  }
  const order = entries.get(`${folder}byteorder`)
  if (order && String.fromCharCode(...order.readStart(16)).trim() !== 'little') {
    throw refusal('little-endian numbers', 'big-endian ones', 're-save it on a little-endian machine')
  }
}

function fail(expected: string): never {
  throw refusal(expected, 'nothing')
}

function refusal(expected: string, found: string, advice?: string): CheckpointError {
  return new CheckpointError({ subject: 'PyTorch file', expected, found, advice })
}
