import { type GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'
import type { Block, BlockOptions } from './block.js'
import { type ShortcutOption, shortcutOf } from './shortcuts.js'

/** A stage: what its blocks have in common. */
export interface LayerOptions extends Omit<BlockOptions, 'downsample'> {
  /** The stage's name in the checkpoint: `layer1`. */
  readonly name: string
  readonly block: Block
  /** How many blocks. */
  readonly blocks: number
  /** @defaultValue 'B' */
  readonly shortcut?: ShortcutOption | undefined
}

/**
 * A stage of blocks (torchvision `_make_layer`): the first takes the stride and, where the shape changes, the dashed
 * shortcut; the rest keep the shape. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels · block.expansion]`.
 *
 * @throws {OptionError} when `blocks` is not a whole number above zero
 */
export function makeLayer(g: GraphBuilder, x: Value, options: LayerOptions): Value {
  const { name, block, blocks, shortcut = 'B', stride = 1, ...common } = options
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new OptionError({ subject: `stage '${name}'`, expected: 'at least one block', found: String(blocks) })
  }
  const channels = options.channels * block.expansion
  return g.scope(name, 'stage', () => {
    let y = x
    for (let index = 0; index < blocks; index++) {
      const ownStride = index === 0 ? stride : 1
      const downsample = shortcutOf(shortcut, { inChannels: y.type.channels, channels, stride: ownStride })
      y = g.scope(String(index), block.kind ?? 'block', () => block(g, y, { ...common, stride: ownStride, downsample }))
    }
    return y
  })
}
