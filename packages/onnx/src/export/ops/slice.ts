import type { Range, SliceAttributes } from '@resnet-ts/graph'
import type { OpWriter } from '../nodeWriter.js'

/** Beyond the end of every axis. */
const end = 2 ** 31 - 1

export function slice(g: OpWriter, { rows, columns, channels }: SliceAttributes): string {
  const [x] = g.inputs
  const axes: readonly (readonly [axis: number, range: Range])[] = [
    [1, channels],
    [2, rows],
    [3, columns],
  ]
  const cut = axes.filter(([, { start, stop, step }]) => start !== 0 || stop !== null || step !== 1)
  if (cut.length === 0) return x
  const list = (of: (range: Range) => number) => g.integers(...cut.map(([, range]) => of(range)))
  const cutAxes = g.integers(...cut.map(([axis]) => axis))
  return g.write('Slice', [
    x,
    list(({ start }) => start),
    list(({ stop }) => stop ?? end),
    cutAxes,
    list(({ step }) => step),
  ])
}
