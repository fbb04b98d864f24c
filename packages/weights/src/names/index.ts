import { sizeOf } from '@resnet-ts/graph'
import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import { quote } from '../text.js'
import { akamaster } from './akamaster.js'
import { huggingface } from './huggingface.js'
import { keras, kerasV2 } from './keras.js'
import { mxnet, mxnetV2 } from './mxnet.js'
import type { Arrangement, KeyShapes, NameSource, NameTable } from './table.js'
import { torchvision } from './torchvision.js'

/** In the order in which they are tried: akamaster's are torchvision's but for a few. */
const tables: readonly NameTable[] = [akamaster, torchvision, huggingface, kerasV2, keras, mxnet, mxnetV2]

/** Whose names a checkpoint bears, and what its parameters are called here. */
export interface RecognisedNames {
  /** Whose names they are. */
  readonly source: NameSource
  /** torchvision's or timm's key for one of the checkpoint's; nothing for what is no parameter of the network. */
  rename(key: string): string | undefined
}

/**
 * Tells by its keys, and the shapes where those are not enough, whose names a checkpoint of a residual network bears.
 *
 * @returns nothing when they are nobody's that is known here
 */
export function recogniseNames(shapes: KeyShapes): RecognisedNames | undefined {
  const found = find(shapes)
  return found && { source: found.table.source, rename: found.rename }
}

/**
 * The checkpoint under torchvision's names (timm's for pre-activation networks) and in PyTorch's layouts; as it is when
 * its names are nobody's that is known here. Prefixes of wrappers are taken off, and what is no parameter of the
 * network is left out. Nothing is read.
 *
 * @throws {CheckpointError} when two tensors would have one name
 */
export function translate(checkpoint: Checkpoint): Checkpoint {
  const found = find(new Map([...checkpoint.tensors].map(([key, { shape }]) => [key, shape])))
  if (!found) return checkpoint
  const tensors = new Map<string, CheckpointTensor>()
  for (const [key, tensor] of checkpoint.tensors) {
    const renamed = found.rename(key)
    if (renamed === undefined) continue
    if (tensors.has(renamed)) {
      throw new CheckpointError({ subject: 'checkpoint', expected: `one tensor for ${quote(renamed)}`, found: 'two' })
    }
    const arrangement = found.table.arrange?.(renamed, tensor.shape)
    tensors.set(renamed, arrangement ? arranged(tensor, arrangement) : tensor)
  }
  return { ...checkpoint, tensors }
}

function find(shapes: KeyShapes): { table: NameTable; rename: (key: string) => string | undefined } | undefined {
  for (const table of tables) {
    const rename = table.rename(shapes)
    if (rename) return { table, rename }
  }
  return undefined
}

/** A tensor with its axes in another order. */
export function arranged(tensor: CheckpointTensor, { axes, shape }: Arrangement): CheckpointTensor {
  const strides = axes.map((axis) => sizeOf(tensor.shape.slice(axis + 1)))
  return {
    ...tensor,
    shape,
    read: () =>
      permute(
        tensor.read(),
        axes.map((axis) => tensor.shape[axis]!),
        strides,
      ),
  }
}

/** The elements at these strides, row by row. */
function permute(values: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const permuted = new Float32Array(values.length)
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < permuted.length; to++) {
    permuted[to] = values[from]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= shape[axis]! * strides[axis]!
      index[axis] = 0
    }
  }
  return permuted
}
