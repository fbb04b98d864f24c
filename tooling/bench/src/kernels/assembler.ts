/** Instructions, as the bytes of WebAssembly's binary format. */
export type Code = readonly number[]

/** An unsigned number in LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
}

/** A signed number in LEB128. */
function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)]
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
/** 16-byte alignment is a hint. */
const memory = (offset: number, alignment: number): Code => [...unsigned(alignment), ...unsigned(offset)]

export const local = {
  get: (index: number): Code => [0x20, ...unsigned(index)],
  set: (index: number): Code => [0x21, ...unsigned(index)],
}

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: [0x6a] as Code,
  sub: [0x6b] as Code,
}

export const v128 = {
  load: (offset: number): Code => [...simd(0x00), ...memory(offset, 4)],
  load32Splat: (offset: number): Code => [...simd(0x09), ...memory(offset, 2)],
  store: (offset: number): Code => [...simd(0x0b), ...memory(offset, 4)],
}

export const f32x4 = {
  add: simd(0xe4),
  mul: simd(0xe6),
  /** a · b + c, with one rounding or two. */
  relaxedMadd: simd(0x105),
}

/** Does the body, and again while it leaves something other than 0 on the stack. */
export function loop(...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b]
}

/** The types of locals. */
export const types = { i32: 0x7f, v128: 0x7b } as const

/**
 * A module of one function `run(i32)` and the memory that it works on, both exported.
 *
 * @param locals - the function's locals after its parameter: how many of which type
 * @param pages - of memory, 64 KiB each
 */
export function moduleOf(
  locals: readonly (readonly [count: number, type: number])[],
  body: readonly Code[],
  pages: number,
): Uint8Array<ArrayBuffer> {
  const declared = [locals.length, ...locals.flatMap(([count, type]) => [...unsigned(count), type])]
  const code = [...declared, ...body.flat(), 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, types.i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x00, ...unsigned(pages)]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ])
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function text(value: string): Code {
  const bytes = [...new TextEncoder().encode(value)]
  return [bytes.length, ...bytes]
}
