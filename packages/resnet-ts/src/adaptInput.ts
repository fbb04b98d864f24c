import { type Graph, inputsOf, type Parameter } from '@resnet-ts/graph'
import { type Checkpoint, translate } from '@resnet-ts/weights'

/**
 * A checkpoint for images of three channels as one for the graph's own number of them, as timm adapts it
 * (`adapt_input_conv`): for one channel the filters are summed over theirs; for others they are repeated, and scaled
 * by 3 / channels. Left as it is where its first convolution fits already, or cannot be adapted.
 */
export function adaptInput(graph: Graph, checkpoint: Checkpoint): Checkpoint {
  const [input] = inputsOf(graph)
  const channels = input?.attributes.channels ?? 3
  const first = graph.nodes.find((node) => node.op === 'conv2d' && node.inputs[0] === input?.name)
  if (channels === 3 || !first) return checkpoint
  const key = `${first.name}.weight`
  const named = checkpoint.tensors.has(key) ? checkpoint : translate(checkpoint)
  const found = named.tensors.get(key)
  if (found?.shape.length !== 4 || found.shape[1] !== 3) return checkpoint
  const adapted = { ...found, ...adaptedFilters(found, channels) }
  return { ...named, tensors: new Map(named.tensors).set(key, adapted) }
}

function adaptedFilters(original: Parameter, channels: number): Parameter {
  const [filters, , height, width] = original.shape as readonly [number, number, number, number]
  const area = height * width
  const read = () => {
    const values = original.read()
    const result = new Float32Array(filters * channels * area)
    const at = (filter: number, channel: number, tap: number) => values[(filter * 3 + channel) * area + tap]!
    for (let filter = 0, index = 0; filter < filters; filter++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let tap = 0; tap < area; tap++, index++) {
          result[index] =
            channels === 1
              ? at(filter, 0, tap) + at(filter, 1, tap) + at(filter, 2, tap)
              : (at(filter, channel % 3, tap) * 3) / channels
        }
      }
    }
    return result
  }
  return { shape: [filters, channels, height, width], read }
}
