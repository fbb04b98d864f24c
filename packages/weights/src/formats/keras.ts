import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { decode } from '../dtypes.js'
import { type Hdf5Array, readHdf5 } from './hdf5/readHdf5.js'
import { field, readJson } from './json.js'
import type { ZipEntry } from './zip/readZip.js'

/** What Keras's layers call their variables, which files of version 3 only number. */
const variables: readonly (readonly [layer: RegExp, names: readonly string[]])[] = [
  [/^batch_normalization(_\d+)?$/, ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  [/^(conv\dd|dense)(_\d+)?$/, ['kernel', 'bias']],
]

/** The layers' names by where they are in a file of weights: `layers/conv2d_1` is `conv2_block1_1_conv`. */
type LayerNames = ReadonlyMap<string, string>

/**
 * Keras's weights in HDF5: whole models and weights alone, of Keras 1 and 2 (`.h5`), and the weights of Keras 3
 * (`.weights.h5`). Tensors are called `layer/variable`, such as `conv1_conv/kernel`, and are in Keras's layouts: HWIO
 * for a convolution, `[in, out]` for a dense layer; `translate` makes PyTorch's of them. The state of optimizers is left
 * out. A file of Keras 3 that does not name its layers has `conv2d_1/kernel`, by kind and number.
 *
 * @throws {CheckpointError} when it is malformed, or uses parts of HDF5 that Keras does not
 */
export function parseKerasH5(bytes: Uint8Array): Checkpoint {
  return checkpointOf('keras-h5', readHdf5(bytes), new Map())
}

/**
 * A `.keras` archive, of Keras 3 and of 2 since 2.13: a description of the model, and its weights. Stored entries are
 * read in place.
 *
 * @throws {CheckpointError} when it is malformed
 */
export function parseKerasArchive(entries: ReadonlyMap<string, ZipEntry>): Checkpoint {
  const names = new Map<string, string>()
  const config = entries.get('config.json')
  if (config) collectNames(readJson(config.read(), 'Keras config.json'), '', names)
  return checkpointOf('keras', readHdf5(entries.get('model.weights.h5')!.read()), names)
}

function checkpointOf(format: string, arrays: readonly Hdf5Array[], names: LayerNames): Checkpoint {
  const named = arrays
    .filter(({ path, dtype }) => dtype !== undefined && !/^(optimizer|optimizer_weights)$/.test(path[0] ?? ''))
    .map((array) => ({ array, full: array.path.join('/'), short: nameOf(array, names) }))
  const seen = new Map<string, number>()
  for (const { short } of named) seen.set(short, (seen.get(short) ?? 0) + 1)
  const tensors = named.map(({ array, full, short }) => {
    // Two layers of one name, in two models inside one: the whole path tells them apart.
    const name = seen.get(short) === 1 ? short : full
    return [name, tensorOf(name, array)] as const
  })
  return { format, metadata: {}, tensors: new Map(tensors) }
}

function tensorOf(name: string, { dtype = '', shape, read }: Hdf5Array): CheckpointTensor {
  return { dtype, shape, read: () => decode(name, dtype, read()) }
}

function nameOf({ path, groupName }: Hdf5Array, names: LayerNames): string {
  const last = path.at(-1)!.replace(/:\d+$/, '')
  if (path.at(-2) !== 'vars') return [...path.slice(-2, -1), last].join('/')
  const place = path.slice(0, -2).join('/').replaceAll('_layer_checkpoint_dependencies', 'layers')
  const container = path.at(-3) ?? ''
  const [, known] = variables.find(([layer]) => layer.test(container)) ?? []
  return `${groupName ?? names.get(place) ?? container}/${known?.[Number(last)] ?? last}`
}

/** Names layers as Keras numbers them: by their classes, in the order in which the model lists them. */
function collectNames(model: unknown, prefix: string, names: Map<string, string>): void {
  const layers = field(field(model, 'config'), 'layers')
  if (!Array.isArray(layers) || prefix.length > 1000) return
  const counts = new Map<string, number>()
  for (const layer of layers) {
    const className = field(layer, 'class_name')
    if (typeof className !== 'string') continue
    const kind = snakeCase(className)
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    const place = `${prefix}layers/${count === 0 ? kind : `${kind}_${count}`}`
    const name = field(layer, 'name') ?? field(field(layer, 'config'), 'name')
    if (typeof name === 'string') names.set(place, name)
    collectNames(layer, `${place}/`, names)
  }
}

/** `BatchNormalization` → `batch_normalization`, `Conv2D` → `conv2d`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
