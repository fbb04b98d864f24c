import { blurPadding, globalPoolKinds, type PaddingOption, type PairOption, type Shape } from '@resnet-ts/graph'
import { type ConformanceCase, opCase } from '../case.js'

/** Sliding windows over awkward maps, with every rounding of sizes and every way to count; blurs; and global pools. */
export function poolCases(): ConformanceCase[] {
  return [...windows.flatMap(windowCases), ...blurCases(), ...globalCases()]
}

interface PoolWindow {
  readonly kernel: PairOption
  readonly stride: PairOption
  readonly padding: PaddingOption
  /** The map it slides over. */
  readonly map: Shape
  /** That the map is smaller than the window, which only `ceilMode` lets stick out. */
  readonly small?: true
}

const windows: readonly PoolWindow[] = [
  { kernel: 3, stride: 2, padding: 1, map: [2, 7, 6, 5] },
  { kernel: 3, stride: 2, padding: 1, map: [3, 1, 1, 4] },
  { kernel: 3, stride: 2, padding: 1, map: [1, 1, 8, 3] },
  { kernel: 3, stride: 2, padding: 0, map: [1, 8, 7, 17] },
  { kernel: 3, stride: 1, padding: 1, map: [2, 4, 5, 8] },
  { kernel: 2, stride: 2, padding: 0, map: [1, 7, 5, 4] },
  { kernel: 2, stride: 2, padding: 1, map: [1, 5, 6, 3] },
  { kernel: 2, stride: 3, padding: 0, map: [5, 6, 8, 1] },
  { kernel: 2, stride: 1, padding: [0, 1, 1, 0], map: [1, 5, 4, 3] },
  { kernel: 1, stride: 2, padding: 0, map: [1, 5, 6, 4] },
  { kernel: 2, stride: 2, padding: 0, map: [2, 1, 1, 5], small: true },
  { kernel: [3, 4], stride: 3, padding: 0, map: [1, 2, 3, 4], small: true },
  { kernel: 5, stride: 4, padding: 2, map: [1, 9, 11, 3] },
  { kernel: [3, 2], stride: [2, 3], padding: [1, 0, 1, 0], map: [1, 6, 9, 5] },
  { kernel: [1, 4], stride: [1, 2], padding: [0, 2, 0, 2], map: [2, 3, 7, 4] },
  { kernel: [4, 5], stride: [3, 2], padding: [2, 1, 0, 2], map: [1, 7, 8, 3] },
]

function windowCases({ map, small, ...window }: PoolWindow): ConformanceCase[] {
  const { kernel, stride, padding } = window
  const name = `kernel ${kernel}, stride ${stride}, padding ${padding}, of ${map.slice(0, 3).join('×')}`
  return (small ? [true] : [false, true]).flatMap((ceilMode) => [
    opCase(`maxPool ${name}${ceilMode ? ', ceil' : ''}`, [map], (g, x) => g.maxPool(x, { ...window, ceilMode })),
    ...[false, true].map((countIncludePad) =>
      opCase(
        `avgPool ${name}${ceilMode ? ', ceil' : ''}${countIncludePad ? '' : ', excluding padding'}`,
        [map],
        (g, x) => g.avgPool(x, { ...window, ceilMode, countIncludePad }),
      ),
    ),
  ])
}

/** Every blur over an odd map of several images, and over the least that it can be reflected from. */
function blurCases(): ConformanceCase[] {
  return [2, 3, 4, 5].flatMap((kernel) =>
    [1, 2, 3].flatMap((stride) => {
      const padding = blurPadding({ kernel, stride })
      const least = Math.max(padding + 1, kernel - 2 * padding)
      const maps: readonly Shape[] = [
        [3, 7, 10, 5],
        [2, 9, least, 1],
        [1, least, 6, 17],
      ]
      return maps.map((map) =>
        opCase(`blurPool kernel ${kernel}, stride ${stride}, of ${map.join('×')}`, [map], (g, x) =>
          g.blurPool(x, { kernel, stride }),
        ),
      )
    }),
  )
}

const globalMaps: readonly Shape[] = [
  [1, 1, 1, 3],
  [5, 1, 7, 4],
  [2, 5, 3, 33],
]

function globalCases(): ConformanceCase[] {
  return globalMaps.flatMap((map) =>
    globalPoolKinds.flatMap((kind) =>
      [false, true].map((keepDimensions) =>
        opCase(`globalPool ${kind} of ${map.join('×')} to a ${keepDimensions ? 'map' : 'vector'}`, [map], (g, x) =>
          g.globalPool(x, { kind, keepDimensions }),
        ),
      ),
    ),
  )
}
