import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ShapeError } from '../errors.js'
import { failAt } from '../graph.js'
import type { Shape } from '../tensor.js'
import { refusal } from '../testing/errors.js'
import { printWindow, slide, type Window } from './window.js'

const fail = failAt({ name: 'it', op: 'maxPool' }, ShapeError)

/**
 * How many windows there are along an axis, counted one by one. Without ceil mode, a window counts if it ends inside
 * the padded map; with it, if it starts inside the map (or the padding before it) and the window before it has not
 * reached the end yet.
 */
function countWindows(
  size: number,
  { kernel, stride, before, after, dilation, ceilMode }: Axis & { readonly ceilMode: boolean },
): number {
  const end = (index: number) => index * stride - before + dilation * (kernel - 1) + 1
  const exists = (index: number) =>
    ceilMode ? index * stride - before < size && end(index - 1) < size + after : end(index) <= size + after
  let count = 0
  while (exists(count)) count++
  return count
}

interface Axis {
  readonly kernel: number
  readonly stride: number
  readonly before: number
  readonly after: number
  readonly dilation: number
}

const axis = (ceilMode: boolean): fc.Arbitrary<Axis> =>
  fc
    .record({ kernel: fc.integer({ min: 1, max: 7 }), stride: fc.integer({ min: 1, max: 5 }) })
    .chain(({ kernel, stride }) =>
      fc.record({
        kernel: fc.constant(kernel),
        stride: fc.constant(stride),
        // Poolings, which alone have a ceil mode, are padded by half the kernel at most, and not dilated.
        before: fc.integer({ min: 0, max: ceilMode ? Math.floor(kernel / 2) : 9 }),
        after: fc.integer({ min: 0, max: ceilMode ? Math.floor(kernel / 2) : 9 }),
        dilation: ceilMode ? fc.constant(1) : fc.integer({ min: 1, max: 4 }),
      }),
    )

function windowOf(vertical: Axis, horizontal: Axis, ceilMode: boolean): Window {
  return {
    kernel: [vertical.kernel, horizontal.kernel],
    stride: [vertical.stride, horizontal.stride],
    padding: [vertical.before, horizontal.after, vertical.after, horizontal.before],
    dilation: [vertical.dilation, horizontal.dilation],
    ceilMode,
  }
}

describe.each([false, true])('windows with ceil mode %s', (ceilMode) => {
  const side = fc.integer({ min: 1, max: 40 })

  test('are as many as counted one by one, and refused where there are none', () => {
    const seen = { some: 0, none: 0 }
    fc.assert(
      fc.property(axis(ceilMode), axis(ceilMode), side, side, (vertical, horizontal, height, width) => {
        const window = windowOf(vertical, horizontal, ceilMode)
        const counted = [
          countWindows(height, { ...vertical, ceilMode }),
          countWindows(width, { ...horizontal, ceilMode }),
        ]
        if (counted.includes(0)) {
          seen.none++
          expect(() => slide([1, height, width, 3], window, fail)).toThrow(ShapeError)
        } else {
          seen.some++
          expect(slide([1, height, width, 3], window, fail)).toEqual(counted)
        }
      }),
      { numRuns: 1000 },
    )
    expect(Math.min(seen.some, seen.none)).toBeGreaterThan(0)
  })

  test('fit on a map of the size that a refusal asks for, and on none smaller', () => {
    fc.assert(
      fc.property(axis(ceilMode), (one) => {
        const window = windowOf(one, one, ceilMode)
        const refusedAt = (size: number) => {
          try {
            slide([1, size, size, 1], window, fail)
          } catch (error) {
            return (error as ShapeError).details.expected
          }
          return undefined
        }
        const refused = refusedAt(1)
        const least = Number(refused?.match(/at least (\d+) pixels high/)?.[1] ?? 1)
        expect(refusedAt(least)).toBeUndefined()
        if (least > 1) expect(refusedAt(least - 1)).toBeDefined()
      }),
    )
  })
})

// As torch.nn.functional.max_pool2d of PyTorch 1.13 answers.
test.each([
  { size: 5, kernel: 3, stride: 2, padding: 1, ceilMode: false, windows: 3 },
  { size: 7, kernel: 3, stride: 2, padding: 0, ceilMode: false, windows: 3 },
  { size: 5, kernel: 4, stride: 3, padding: 0, ceilMode: true, windows: 2 },
  { size: 8, kernel: 4, stride: 3, padding: 0, ceilMode: true, windows: 3 },
  { size: 8, kernel: 2, stride: 2, padding: 1, ceilMode: true, windows: 5 },
  // The last window would start in the padding, or past it, and is dropped.
  { size: 2, kernel: 2, stride: 3, padding: 1, ceilMode: true, windows: 1 },
  { size: 6, kernel: 2, stride: 3, padding: 0, ceilMode: true, windows: 2 },
  { size: 8, kernel: 2, stride: 3, padding: 1, ceilMode: true, windows: 3 },
  { size: 8, kernel: 1, stride: 2, padding: 0, ceilMode: true, windows: 4 },
  // A map smaller than the only window.
  { size: 1, kernel: 2, stride: 2, padding: 0, ceilMode: true, windows: 1 },
  { size: 1, kernel: 3, stride: 3, padding: 0, ceilMode: true, windows: 1 },
  { size: 2, kernel: 4, stride: 3, padding: 0, ceilMode: true, windows: 1 },
])(
  'PyTorch has $windows windows of $kernel, stride $stride, padding $padding, ceil mode $ceilMode, on $size pixels',
  (row) => {
    const { size, kernel, stride, padding, ceilMode, windows } = row
    const axis: Axis = { kernel, stride, before: padding, after: padding, dilation: 1 }
    expect(slide([1, size, size, 1], windowOf(axis, axis, ceilMode), fail)).toEqual([windows, windows])
  },
)

test.each([
  { size: 1, kernel: 2, stride: 1, padding: 0, ceilMode: true },
  { size: 2, kernel: 4, stride: 2, padding: 0, ceilMode: true },
  { size: 2, kernel: 4, stride: 2, padding: 0, ceilMode: false },
  { size: 1, kernel: 4, stride: 1, padding: 1, ceilMode: false },
])(
  'PyTorch has no window of $kernel, stride $stride, padding $padding, ceil mode $ceilMode, on $size pixels',
  (row) => {
    const { size, kernel, stride, padding, ceilMode } = row
    const axis: Axis = { kernel, stride, before: padding, after: padding, dilation: 1 }
    const shape: Shape = [1, size, size, 1]
    expect(refusal(() => slide(shape, windowOf(axis, axis, ceilMode), fail)).found).toBe(`${size}×${size}`)
  },
)

test.each<[Partial<Window>, string]>([
  [{}, '3×3'],
  [{ kernel: [1, 5] }, '1×5'],
  [{ stride: [2, 2] }, '3×3 stride 2'],
  [{ stride: [2, 1] }, '3×3 stride 2×1'],
  [{ padding: [1, 1, 1, 1] }, '3×3 pad 1'],
  [{ padding: [1, 2, 1, 2] }, '3×3 pad 1×2'],
  [{ padding: [0, 1, 1, 0] }, '3×3 pad 0 1 1 0'],
  [{ dilation: [1, 1] }, '3×3'],
  [{ dilation: [2, 2] }, '3×3 dilation 2'],
  [{ ceilMode: true, stride: [2, 2] }, '3×3 stride 2 ceil'],
])('%o is printed as %s', (changes, words) => {
  expect(printWindow({ kernel: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], ...changes })).toBe(words)
})
