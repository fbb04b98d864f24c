import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../errors.js'
import { parseSafetensors } from './safetensors.js'

/** A file of this header, announced as so long, and so many bytes of data: 0, 1, 2, … */
function file(header: string | object, dataLength = 0, announced?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + dataLength)
  new DataView(bytes.buffer).setBigUint64(0, announced ?? BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(
    Uint8Array.from({ length: dataLength }, (_, index) => index),
    8 + text.length,
  )
  return bytes
}

const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
})

function refusal(bytes: Uint8Array): string {
  try {
    parseSafetensors(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as CheckpointError).message
  }
  return 'no refusal'
}

describe('reads', () => {
  test('tensors in the order of the header, whatever their names', () => {
    const { tensors, format, metadata } = parseSafetensors(
      file(
        '{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"1":{"dtype":"I8","shape":[],"data_offsets":[0,1]}}',
        3,
      ),
    )
    expect([...tensors.keys()]).toEqual(['b', '1'])
    expect(tensors.get('b')).toMatchObject({ dtype: 'U8', shape: [2] })
    expect({ format, metadata }).toEqual({ format: 'safetensors', metadata: {} })
  })

  test('white space, escapes, and names that other languages reserve', () => {
    const { tensors, metadata } = parseSafetensors(
      file(
        '{ "__metadata__" : { "__proto__" : "polluted", "quote\\"" : "\\u00e9\\n" } ,\r\n\t' +
          '"__proto__":{"shape":[0],"data_offsets":[0,0],"dtype":"F32"},' +
          '"constructor":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
          '"\ufeffé\\\\":{"dtype":"F32","shape":[0, 7],"data_offsets":[4,4]}}   ',
        4,
      ),
    )
    expect([...tensors.keys()]).toEqual(['__proto__', 'constructor', '\ufeffé\\'])
    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'polluted'],
      ['quote"', 'é\n'],
    ])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
    expect(tensors.get('__proto__')?.read()).toEqual(new Float32Array(0))
  })

  test('a file without tensors', () => {
    expect(parseSafetensors(file('{}      ')).tensors.size).toBe(0)
  })

  test('every element type of the format, and refuses to decode all but floats', () => {
    const sizes = { F4: 3, F6_E2M3: 3, BOOL: 6, F8_E8M0: 6, I16: 12, U32: 24, I64: 48, C64: 48 }
    for (const [dtype, size] of Object.entries(sizes)) {
      const shape = dtype === 'F6_E2M3' ? [2, 2] : [2, 3]
      const tensor = parseSafetensors(file({ steps: { dtype, shape, data_offsets: [0, size] } }, size)).tensors.get(
        'steps',
      )
      expect(tensor?.dtype).toBe(dtype)
      expect(() => tensor?.read()).toThrow(CheckpointError)
      expect(() => tensor?.read()).toThrow(
        `tensor 'steps': expected elements of type F64, F32, F16 or BF16, found ${dtype}; convert it`,
      )
    }
  })

  test('F32 in place where it is aligned, from any view of the memory', () => {
    const aligned = file(`{"a":${JSON.stringify(f32([2], 0, 8))}}`.padEnd(64), 8)
    const values = parseSafetensors(aligned).tensors.get('a')!.read()
    expect(values.buffer).toBe(aligned.buffer)
    const shifted = new Uint8Array(aligned.length + 3)
    shifted.set(aligned, 3)
    const copy = parseSafetensors(Buffer.from(shifted.buffer, 3)).tensors.get('a')!.read()
    expect(copy.buffer).not.toBe(shifted.buffer)
    expect(copy).toEqual(values)
    const shared = new Uint8Array(new SharedArrayBuffer(aligned.length))
    shared.set(aligned)
    expect(parseSafetensors(shared).tensors.get('a')!.read()).toEqual(values)
  })
})

describe('refuses', () => {
  const tensor = JSON.stringify(f32([2], 0, 8))
  const cases: readonly [name: string, bytes: Uint8Array, message: string][] = [
    ['no bytes', new Uint8Array(), 'expected at least 8 bytes, found 0.'],
    ['less than a length', new Uint8Array(7), 'expected at least 8 bytes, found 7.'],
    ['an empty header', new Uint8Array(8), "expected '{' as its first byte, found nothing."],
    [
      'a header over 100 MB',
      file('{}', 0, 100_000_001n),
      'expected a header of at most 100000000 bytes, found 100000001.',
    ],
    ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), 'found 18446744073709551615.'],
    [
      'a header beyond the file',
      file('{}', 4, 7n),
      'expected a header of 7 bytes, as it announces, found 6 bytes up to',
    ],
    ['a header cut in the middle', file(`{"a":${tensor}}`, 8, 20n), 'expected a string, found the end of the header.'],
    ['white space first', file(' {}'), "expected '{' as its first byte, found byte 0x20."],
    ['a list', file('[]'), "expected '{' as its first byte, found byte 0x5b."],
    ['something after the header', file('{}{}'), "expected only spaces after its closing brace, found '{' at byte 2."],
    ['what is not JSON', file('{a}'), "expected a string, found 'a' at byte 1."],
    ['a comma too many', file(`{"a":${tensor},}`, 8), "expected a string, found '}'"],
    ['a missing comma', file('{"__metadata__":{"a":"" "b":""}}'), "expected ',' or '}', found '\"' at byte 24."],
    ['a missing colon', file('{"a"}'), "expected ':', found '}'"],
    ['a string without end', file('{"a'), 'expected the end of a string, found the end of the header'],
    ['an escape at the very end', file('{"\\'), 'expected the end of a string, found the end of the header'],
    ['a line break in a string', file('{"a\n":{}}'), 'expected the end of a string, found byte 0xa at byte 3.'],
    ['an escape that JSON lacks', file('{"\\x":{}}'), 'expected the escapes that JSON knows'],
    [
      'a duplicate tensor',
      file(`{"a":${tensor},"\\u0061":${tensor}}`, 8),
      "expected every key once, found a second 'a'.",
    ],
    ['a duplicate field', file('{"a":{"dtype":"F32","dtype":"F32"}}'), "found a second 'dtype'"],
    ['duplicate metadata', file('{"__metadata__":{"a":"","a":""}}'), "found a second 'a'"],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), "expected a string, found '1'"],
    ['a tensor that is no object', file('{"a":[]}'), "expected '{', found '['"],
    [
      'an unknown field',
      file('{"a":{"stride":[1]}}'),
      "only dtype, shape and data_offsets for tensor 'a', found 'stride'.",
    ],
    ['a missing field', file('{"a":{"dtype":"F32","shape":[1]}}'), 'found not all of them.'],
    [
      'one offset',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}'),
      "two data_offsets for tensor 'a', found 1.",
    ],
    ['an unknown type', file({ a: { dtype: 'F31', shape: [], data_offsets: [0, 0] } }), "format, found 'F31'."],
    ['a type that is no text', file({ a: { dtype: 3 } }), "expected a string, found '3'"],
    ['a negative size', file({ a: { dtype: 'F32', shape: [-1] } }), "expected a whole number, found '-'"],
    ['a broken size', file({ a: { dtype: 'F32', shape: [1.5] } }), "expected ',' or ']', found '.'"],
    [
      'a leading zero',
      file('{"a":{"shape":[01]}}'),
      'expected a whole number, found one with a leading zero at byte 15.',
    ],
    [
      'a size from 2^53 on',
      file('{"a":{"shape":[9007199254740992]}}'),
      'expected whole numbers below 2^53, found a larger',
    ],
    ['a size of a million digits', file(`{"a":{"shape":[${'9'.repeat(1e6)}]}}`), 'expected whole numbers below 2^53'],
    [
      'more than 64 dimensions',
      file({ a: { shape: Array(65).fill(1) } }),
      'expected at most 64 numbers in a list, found more.',
    ],
    [
      'a product beyond 2^53',
      file({ a: f32([2 ** 30, 2 ** 30, 0], 0, 0) }),
      'expected a size below 2^53 bits, found the shape',
    ],
    [
      'a broken number of bytes',
      file({ a: { dtype: 'F4', shape: [3], data_offsets: [0, 2] } }, 2),
      '12 bits of F4 [3].',
    ],
    [
      'too few bytes for a shape',
      file({ a: f32([3], 0, 8) }, 8),
      'expected 12 bytes for F32 [3], found data_offsets from 0 to 8.',
    ],
    [
      'too many bytes for a shape',
      file({ a: f32([], 0, 8) }, 8),
      'expected 4 bytes for F32 [], found data_offsets from 0 to 8.',
    ],
    [
      'offsets backwards',
      file({ a: f32([2], 8, 0) }, 8),
      'expected 8 bytes for F32 [2], found data_offsets from 8 to 0.',
    ],
    [
      'offsets beyond the file',
      file({ a: f32([2], 0, 8) }, 7),
      "expected its bytes among the file's 7 bytes of data, found",
    ],
    [
      'an overlap',
      file({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8),
      "'b': expected its bytes to begin at 8, where those of 'a' end, found 4, an overlap.",
    ],
    ['two tensors in one place', file({ a: f32([2], 0, 8), b: f32([2], 0, 8) }, 8), 'found 0, an overlap.'],
    ['an empty tensor inside another', file({ a: f32([2], 0, 8), b: f32([0], 4, 4) }, 8), 'found 4, an overlap.'],
    [
      'a hole at the start',
      file({ a: f32([1], 4, 8) }, 8),
      'begin at 0, where those of the header end, found 4, a hole.',
    ],
    ['a hole in between', file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), "'a' end, found 8, a hole."],
    [
      'trailing bytes',
      file({ a: f32([1], 0, 4) }, 5),
      'expected its end after 4 bytes of data, found 1 more that belong to no tensor.',
    ],
    ['data without tensors', file('{}', 1), 'expected its end after 0 bytes of data, found 1 more'],
  ]

  test.each(cases)('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message)
  })

  test('text that is not UTF-8', () => {
    const bytes = file('{"a":{}}')
    bytes[10] = 0xff
    expect(refusal(bytes)).toBe('safetensors header: expected text in UTF-8, found other bytes from byte 2 on.')
  })

  test('every file that was cut short, and every file with a byte too many', () => {
    const whole = file({ __metadata__: { format: 'pt' }, a: f32([2], 0, 8), b: f32([1], 8, 12) }, 12)
    expect(refusal(whole)).toBe('no refusal')
    for (let length = 0; length < whole.length; length++)
      expect(refusal(whole.subarray(0, length))).toMatch(/: expected/)
    expect(refusal(Uint8Array.of(...whole, 0))).toMatch(/belong to no tensor/)
  })

  test('more tensors than any checkpoint has, before they fill the memory', () => {
    const names = Array.from(
      { length: 100_001 },
      (_, index) => `"${index}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
    )
    expect(refusal(file(`{${names.join()}}`))).toBe('safetensors header: expected at most 100000 keys, found more.')
  })

  test('in one line of bounded length, whatever the names', () => {
    const message = refusal(file({ [`\u001b[2J\n\u202e\ud800${'a'.repeat(1e6)}`]: f32([3], 0, 8) }, 8))
    expect(message).toMatch(/^tensor '\\u\{1b\}\[2J\\u\{a\}\\u\{202e\}\\u\{d800\}a+…': expected 12 bytes/)
    expect(message.length).toBeLessThan(300)
  })
})
