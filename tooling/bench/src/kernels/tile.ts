import { type Code, f32x4, i32, local, loop, moduleOf, types, v128 } from './assembler.js'

/** How a tile multiplies and adds: `f32x4.relaxed_madd`, or `f32x4.mul` and `f32x4.add`. */
export type TileKind = 'relaxed' | 'plain'

/** Rows of the tile; it has 8 columns. Of plain SIMD's 16 registers some go into products, and six rows would spill. */
const rowsOf: Readonly<Record<TileKind, number>> = { relaxed: 6, plain: 4 }
const columns = 8

/** Steps of the inner product that one call of the kernel adds up, so that both panels stay in the first-level cache. */
const depth = 256
/** Steps that are written out one after another. */
const unrolled = 4

/**
 * Memory: from 0, the panel of A, `[depth][rows]`; from 32 KiB, that of B, `[depth][8]`; from 48 KiB, the tile of C,
 * `[rows][8]`. All of it together is 16 KiB at most.
 */
const panelB = 32 * 1024
const tileC = 48 * 1024

/** The inner loop of a matrix product on registers, with nothing around it: the most that a kernel can reach here. */
export interface Tile {
  readonly kind: TileKind
  /** `6×8 relaxed_madd` */
  readonly name: string
  /** Computes for some milliseconds, and yields GFLOP/s. */
  measure(): number
}

/** The better of the tiles that this JavaScript engine takes; nothing where it has no SIMD. */
export function bestTile(): Tile | undefined {
  return tileOf('relaxed') ?? tileOf('plain')
}

/** @returns nothing where this JavaScript engine does not take its instructions */
export function tileOf(kind: TileKind): Tile | undefined {
  const bytes = tileModule(kind)
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const run = exports.run as (repeats: number) => void
  new Float32Array((exports.memory as WebAssembly.Memory).buffer).fill(2 ** -10)
  const flops = 2 * rowsOf[kind] * columns * depth
  return {
    kind,
    name: `${rowsOf[kind]}×${columns} ${kind === 'relaxed' ? 'relaxed_madd' : 'mul and add'}`,
    measure() {
      const repeats = 20_000
      const start = performance.now()
      run(repeats)
      return (flops * repeats) / (performance.now() - start) / 1e6
    },
  }
}

/** The module whose `run(repeats)` adds A · B to C, so many times. */
export function tileModule(kind: TileKind): Uint8Array<ArrayBuffer> {
  const rows = rowsOf[kind]
  const [repeats, a, b, steps, left, right, splat, sums] = [0, 1, 2, 3, 4, 5, 6, 7]
  const sum = (row: number, half: number) => sums + 2 * row + half

  /** Adds splat · (left or right) to one of the sums. */
  const accumulate = (row: number, half: number): Code[] => {
    const factors = [local.get(splat), local.get(half === 0 ? left : right)]
    const total = local.get(sum(row, half))
    const added =
      kind === 'relaxed' ? [...factors, total, f32x4.relaxedMadd] : [total, ...factors, f32x4.mul, f32x4.add]
    return [...added, local.set(sum(row, half))]
  }
  const step = (index: number): Code[] => [
    ...[local.get(b), v128.load(panelB + 32 * index), local.set(left)],
    ...[local.get(b), v128.load(panelB + 32 * index + 16), local.set(right)],
    ...range(rows).flatMap((row) => [
      ...[local.get(a), v128.load32Splat(4 * (rows * index + row)), local.set(splat)],
      ...accumulate(row, 0),
      ...accumulate(row, 1),
    ]),
  ]
  const advance = (index: number, bytes: number): Code[] => [
    ...[local.get(index), i32.const(bytes), i32.add, local.set(index)],
  ]
  const countDown = (index: number): Code[] => [
    ...[local.get(index), i32.const(1), i32.sub, local.set(index), local.get(index)],
  ]
  const eachSum = (work: (local: number, offset: number) => Code[]) =>
    range(rows * 2).flatMap((index) => work(sums + index, tileC + 16 * index))

  const multiply = loop(
    ...range(unrolled).flatMap(step),
    ...advance(a, 4 * rows * unrolled),
    ...advance(b, 32 * unrolled),
    ...countDown(steps),
  )
  const body = loop(
    ...eachSum((index, offset) => [i32.const(0), v128.load(offset), local.set(index)]),
    ...[a, b].flatMap((index) => [i32.const(0), local.set(index)]),
    ...[i32.const(depth / unrolled), local.set(steps)],
    multiply,
    ...eachSum((index, offset) => [i32.const(0), local.get(index), v128.store(offset)]),
    ...countDown(repeats),
  )
  const vectors = 3 + 2 * rows
  return moduleOf(
    [
      [3, types.i32],
      [vectors, types.v128],
    ],
    [body],
    1,
  )
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
