import { type GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'
import type { Block, BlockOptions, PrunedWidths } from './block.js'
import { projection, type Shortcut, type ShortcutOption, zeroPadding } from './shortcuts.js'

/** A stage: what its blocks have in common. */
export interface LayerOptions extends Omit<BlockOptions, 'downsample' | 'dropPathRate' | 'pruned'> {
  /** The stage's name in the checkpoint: `layer1`. */
  readonly name: string
  /** What stands before a block's number in its name: `blocks.` gives `blocks.0`. @defaultValue nothing */
  readonly blockPrefix?: string | undefined
  /** What the stage is made of. */
  readonly block: Block
  /** How many blocks. */
  readonly blocks: number
  /** Which shortcut leads around the blocks. @defaultValue 'B' */
  readonly shortcut?: ShortcutOption | undefined
  /** The dashed shortcut of options B and C. @defaultValue projection */
  readonly projection?: Shortcut | undefined
  /** Each block's probability that training drops its branch. @defaultValue none is dropped */
  readonly dropPathRates?: readonly number[] | undefined
  /** Channels of each block in place of those that follow from the rest. */
  readonly pruned?: readonly PrunedWidths[] | undefined
}

/**
 * A stage of blocks (torchvision `_make_layer`): the first takes the stride and, where the shape changes, the dashed
 * shortcut; the rest keep the shape. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels · block.expansion]`.
 *
 * @throws {OptionError} when `blocks` is not a whole number above zero
 */
export function makeLayer(g: GraphBuilder, x: Value, options: LayerOptions): Value {
  const {
    name,
    block,
    blockPrefix = '',
    blocks,
    shortcut,
    projection,
    dropPathRates,
    pruned,
    stride = 1,
    ...common
  } = options
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new OptionError({ subject: `stage '${name}'`, expected: 'at least one block', found: String(blocks) })
  }
  const writeBlock = (y: Value, index: number) => {
    const own: BlockOptions = {
      ...common,
      stride: index === 0 ? stride : 1,
      firstDilation: index === 0 ? options.firstDilation : options.dilation,
      dropPathRate: dropPathRates?.[index],
      pruned: pruned?.[index],
    }
    const output = own.pruned?.output ?? options.channels * block.expansion
    const changes = own.stride !== 1 || y.type.channels !== output
    const downsample = shortcutOf(shortcut ?? 'B', changes, projection)
    return g.scope(`${blockPrefix}${index}`, block.kind ?? 'block', () => block(g, y, { ...own, downsample }))
  }
  return g.scope(name, 'stage', () => Array.from({ length: blocks }, (_, index) => index).reduce(writeBlock, x))
}

/** A block's shortcut; undefined for the solid one, which is the input itself. */
function shortcutOf(option: ShortcutOption, changes: boolean, dashed: Shortcut = projection): Shortcut | undefined {
  if (option === 'C') return dashed
  if (!changes) return undefined
  return option === 'A' ? zeroPadding : dashed
}
