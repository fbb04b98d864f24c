import type { Shape } from '@resnet-ts/graph'

/** What layers of Keras's are called that a file names by kind and number alone: `conv2d_1` is `conv2_block1_1_conv`. */
export interface NumberedLayers {
  /** Whether the norms are those of the pre-activation networks. */
  readonly version: 1 | 2
  readonly names: ReadonlyMap<string, string>
}

/**
 * Names the layers of a `.weights.h5` of Keras 3 that does not. They are numbered in the order in which the model lists
 * them, by their distance to its end: in a block with a dashed shortcut, the shortcut's layers stand just before the
 * branch's last.
 *
 * @param shapeOf - of a layer's kernel, `[height, width, in, out]`
 * @returns nothing where they are not those of `keras.applications`
 */
export function numberedLayers(
  layers: ReadonlySet<string>,
  shapeOf: (layer: string) => Shape | undefined,
): NumberedLayers | undefined {
  const blocks = blocksOf(shapeOf)
  const count = [...layers].filter((layer) => /^batch_normalization(_\d+)?$/.test(layer)).length
  if (!blocks) return undefined
  const convolutions = ['conv1', ...blocks.flatMap(({ name, places }) => places.map((place) => `${name}_${place}`))]
  if (count === convolutions.length) {
    const names = convolutions.flatMap((name, index) => [
      [numbered('conv2d', index), `${name}_conv`] as const,
      [numbered('batch_normalization', index), `${name}_bn`] as const,
    ])
    return { version: 1, names: new Map(names) }
  }
  const norms = [...blocks.flatMap(({ name }) => [`${name}_preact`, `${name}_1`, `${name}_2`]), 'post']
  if (count !== norms.length) return undefined
  const names = [
    ...convolutions.map((name, index) => [numbered('conv2d', index), `${name}_conv`] as const),
    ...norms.map((name, index) => [numbered('batch_normalization', index), `${name}_bn`] as const),
  ]
  return { version: 2, names: new Map(names) }
}

interface Block {
  /** `conv2_block1`. */
  readonly name: string
  /** The convolutions in Keras's order: 0 is that of the dashed shortcut. */
  readonly places: readonly number[]
}

/** The blocks behind the first convolution, told by the sizes of the kernels. */
function blocksOf(shapeOf: (layer: string) => Shape | undefined): readonly Block[] | undefined {
  const kernel = (index: number) => shapeOf(numbered('conv2d', index))
  if (kernel(0)?.slice(0, 2).join() !== '7,7') return undefined
  const blocks: Block[] = []
  let [stage, block, filters, index] = [1, 0, 0, 1]
  for (let first = kernel(index); first; first = kernel(index)) {
    const [, , input = 0, output = 0] = first
    const isProjected = output !== filters
    ;[stage, block, filters] = isProjected ? [stage + 1, 1, output] : [stage, block + 1, filters]
    const places = isProjected ? [1, 2, 0, 3] : [1, 2, 3]
    const expected = [
      [1, 1, input, filters],
      [3, 3, filters, filters],
      ...(isProjected ? [[1, 1, input, 4 * filters]] : []),
      [1, 1, filters, 4 * filters],
    ]
    if (expected.some((shape, place) => kernel(index + place)?.join() !== shape.join())) return undefined
    blocks.push({ name: `conv${stage}_block${block}`, places })
    index += places.length
  }
  return blocks.length > 0 ? blocks : undefined
}

/** As Keras numbers layers of a kind: the first has no number. */
function numbered(kind: string, index: number): string {
  return index === 0 ? kind : `${kind}_${index}`
}
