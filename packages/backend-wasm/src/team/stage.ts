import { type Node, type Params, parametersOf, readParameterParts, sizeOf } from '@resnet-ts/graph'
import { pause, Stretch } from '../engine/pause.js'
import type { NodeValues } from '../engine/weights.js'

/** Values that are read at once: 64 KB, which takes next to no time, and is memory that is used again. */
const partLength = 16384

/** How many values the parameters of a node have. */
export function valuesOf(node: Node): number {
  return parametersOf(node).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/**
 * Copies the parameters of a node one after the other to where they wait to be packed. They are computed and copied part by
 * part, and others have their turn now and then: a page's main thread is not held up.
 *
 * @param stretch - the work that this goes on with
 * @throws {ParameterError} when one has not the values that it should
 */
export async function stage(
  node: Node,
  params: Params,
  room: Float32Array,
  stretch: Stretch = new Stretch(),
): Promise<NodeValues> {
  const values: Record<string, Float32Array> = {}
  let from = 0
  for (const spec of parametersOf(node)) {
    const begin = from
    for (const part of readParameterParts(params, spec, partLength)) {
      room.set(part, from)
      from += part.length
      if (!stretch.isLong) continue
      await pause()
      stretch.begin()
    }
    values[spec.key.slice(node.name.length + 1)] = room.subarray(begin, from)
  }
  return values
}
