import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'

/** How many files each test tries: 100,000 and more with `RESNET_TS_FUZZ=100000 pnpm test fuzz`. */
const numRuns = Number(process.env.RESNET_TS_FUZZ ?? 1000)

const slack = 64 * 2 ** 20

type Parse = (bytes: Uint8Array) => Checkpoint | Promise<Checkpoint>

/** Reads all there is, and fails on anything but a typed error; tells whether the file was accepted. */
async function survives(parse: Parse, bytes: Uint8Array): Promise<boolean> {
  const started = performance.now()
  try {
    const { tensors } = await parse(bytes)
    for (const { shape, read } of tensors.values()) {
      const values = readAll(read)
      if (!values) continue
      expect(values.length).toBe(shape.reduce((product, side) => product * side, 1))
      // A view takes nothing. F16 and BF16 grow twofold, BOOL and quantised values fourfold.
      if (values.buffer !== bytes.buffer) expect(values.byteLength).toBeLessThanOrEqual(4 * bytes.length + slack)
    }
    return true
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    expect(error.message.length).toBeLessThan(1000)
    expect(error.message).not.toMatch(/\p{Cc}/u)
    return false
  } finally {
    expect(performance.now() - started).toBeLessThan(1000)
  }
}

/** The values of one tensor, nothing when it is refused, as one of whole numbers is. */
function readAll(read: () => Float32Array): Float32Array | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof CheckpointError) return undefined
    throw error
  }
}

const anywhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const interesting = fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff)

/** One change to a file: a byte, a number, a piece taken out, doubled or moved, or its end. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: anywhere, byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('flip' as const), at: anywhere, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    kind: fc.constant('number' as const),
    at: anywhere,
    value: interesting,
    width: fc.constantFrom(2, 4, 8),
  }),
  fc.record({ kind: fc.constant('remove' as const), at: anywhere, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('double' as const), at: anywhere, count: fc.integer({ min: 1, max: 80 }) }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: anywhere,
    from: anywhere,
    count: fc.integer({ min: 1, max: 32 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: anywhere }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.at * bytes.length)
  switch (change.kind) {
    case 'set':
      return overwrite(bytes, at, Uint8Array.of(change.byte))
    case 'flip':
      return overwrite(bytes, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << change.bit)))
    case 'number':
      return overwrite(bytes, at, numberBytes(change.value, change.width))
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + change.count))
    case 'double':
      return joined(bytes.subarray(0, at + change.count), bytes.subarray(at))
    case 'copy': {
      const from = Math.floor(change.from * bytes.length)
      return overwrite(bytes, at, bytes.slice(from, from + change.count))
    }
    case 'cut':
      return bytes.slice(0, at)
  }
}

function overwrite(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  changed.set(piece.subarray(0, Math.max(0, changed.length - at)), Math.min(at, changed.length))
  return changed
}

function joined(...pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces))
}

function numberBytes(value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(width).fill(value === 0xffffffff ? 0xff : 0)
  bytes.set(new Uint8Array(Uint32Array.of(value).buffer).subarray(0, width))
  return bytes
}

export interface FuzzOptions {
  /** Real files, of which each run mutates one. */
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly parse: Parse
  /** Where the bytes are that matter most, as a share of the file: half of all changes go there. */
  readonly focus?: readonly [from: number, to: number] | undefined
}

/** A test that mutated files, and files of nothing but chance, give tensors or a typed error. */
export function fuzz(format: string, { files, parse, focus = [0, 1] }: FuzzOptions): void {
  const timeout = 60_000 + 4 * numRuns
  const [from, to] = focus
  const focused = fc.tuple(mutation, fc.boolean()).map(([change, focus]) => ({
    ...change,
    at: focus ? from + change.at * (to - from) : change.at,
  }))

  test(`${format}: mutated files give tensors or a typed error (${numRuns} files)`, { timeout }, async () => {
    const whole = Object.values(files)
    for (const bytes of whole) expect(await survives(parse, bytes)).toBe(true)
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.array(focused, { minLength: 1, maxLength: 4 }),
        async (which, changes) => {
          if (!(await survives(parse, (changes as Mutation[]).reduce(mutate, whole[which]!)))) refused++
        },
      ),
      { numRuns },
    )
    expect(refused).toBeGreaterThan(numRuns / 50)
  })
}

/** A test that generated files give tensors or a typed error. */
export function fuzzGenerated(format: string, parse: Parse, bytes: fc.Arbitrary<Uint8Array>): void {
  test(`${format}: invented files give tensors or a typed error (${numRuns} files)`, {
    timeout: 60_000 + 4 * numRuns,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        await survives(parse, file)
      }),
      { numRuns },
    )
  })
}
