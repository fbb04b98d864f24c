import { OptionError } from '@resnet-ts/graph'
import type { Model } from 'resnet-ts'

/**
 * How many numbers a network's embedding of an image has.
 *
 * @throws {OptionError} when it gives none
 */
export function dimensionOf({ graph }: Model): number {
  const output = graph.nodes.find(({ name }) => name === graph.outputs.embedding)
  if (output) return output.type.channels
  throw new OptionError({
    subject: `network '${graph.name}'`,
    expected: "an output 'embedding'",
    found: Object.keys(graph.outputs).join(', '),
  })
}
