import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../../errors.js'
import { readCheckpoint } from '../../readCheckpoint.js'
import { fixture } from '../../testing/fixtures.js'
import { crc32 } from './crc32.js'
import { readZip } from './readZip.js'
import { writeZip } from './writeZip.js'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytesOf = (content: string) => new TextEncoder().encode(content)

function refusal(bytes: Uint8Array, name?: string): string {
  try {
    const entries = readZip(bytes)
    if (name !== undefined) entries.get(name)!.read()
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as CheckpointError).message
  }
  return 'no refusal'
}

describe('reads', () => {
  test('what another library wrote, stored in place and deflated', () => {
    const bytes = zipSync({
      'a/stored': [bytesOf('abc'), { level: 0 }],
      deflated: [bytesOf('x'.repeat(1000)), { level: 9 }],
    })
    const entries = readZip(bytes)
    expect([...entries.keys()]).toEqual(['a/stored', 'deflated'])
    expect(text(entries.get('a/stored')!.read())).toBe('abc')
    expect(entries.get('a/stored')!.read().buffer).toBe(bytes.buffer)
    expect(text(entries.get('deflated')!.read())).toBe('x'.repeat(1000))
    expect(text(entries.get('deflated')!.readStart(3))).toBe('xxx')
  })

  test('what it writes, aligned', () => {
    const files = ['', 'a', 'é'.repeat(40)].map((name) => ({ name, pieces: [bytesOf(name), bytesOf('!')] }))
    const bytes = writeZip(files)
    const entries = readZip(bytes)
    for (const { name } of files) {
      const content = entries.get(name)!.read()
      expect(text(content)).toBe(`${name}!`)
      expect(content.byteOffset % 64).toBe(0)
    }
  })

  test('an archive of nothing, and one with a comment', () => {
    expect(readZip(writeZip([])).size).toBe(0)
    const commented = Buffer.concat([writeZip([{ name: 'a', pieces: [] }]), Buffer.from('hello')])
    commented.writeUInt16LE(5, commented.length - 7)
    expect([...readZip(new Uint8Array(commented)).keys()]).toEqual(['a'])
  })

  test('checksums as the standard has them', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926)
    expect(crc32(bytesOf('6789'), crc32(bytesOf('12345')))).toBe(0xcbf43926)
  })
})

/** A zip of one deflated entry, with some numbers of its line in the directory changed. */
function altered(content: Uint8Array, changes: Readonly<Record<number, number>>, name = 'a'): Uint8Array {
  const bytes = zipSync({ [name]: [content, { level: 9 }] })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const directory = view.getUint32(bytes.length - 6, true)
  for (const [at, value] of Object.entries(changes)) view.setUint32(directory + Number(at), value, true)
  return bytes
}

describe('refuses', () => {
  const content = bytesOf('a'.repeat(1000))

  test.each([
    ['fewer bytes than promised', altered(content, { 24: 1001 }), 'expected 1001 bytes, as the file says, found 1000.'],
    ['more bytes than promised', altered(content, { 24: 999 }), 'expected 999 bytes, as the file says, found more.'],
    ['another checksum', altered(content, { 16: 1 }), 'expected the checksum that the archive gives, found another.'],
    [
      'what no deflation can reach',
      altered(content, { 24: 0x7fffffff }),
      'expected a size that a file of weights can have',
    ],
    ['an offset beyond the file', altered(content, { 42: 0x7fffffff }), 'expected 4 more bytes at byte 2147483647'],
    ['no local header', altered(content, { 42: 1 }), 'expected a local header, found something else at byte 1.'],
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes, 'a')).toContain(message)
  })

  test('a decompression bomb, before it is inflated', () => {
    const bomb = zipSync({ a: [new Uint8Array(80 * 2 ** 20), { level: 9 }] })
    expect(bomb.length).toBeLessThan(100_000)
    expect(refusal(bomb)).toMatch(
      /^zip entry 'a': expected a size that a file of weights can have, found 83886080 bytes out/,
    )
  })

  test('a bomb that says it is small, before it has grown', () => {
    const bomb = altered(new Uint8Array(80 * 2 ** 20), { 24: 10 })
    // Of this process alone: the machine does other things meanwhile.
    const started = process.cpuUsage()
    expect(refusal(bomb, 'a')).toContain('expected 10 bytes, as the file says, found more.')
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1000).toBeLessThan(1000)
  })

  test('entries that share their bytes', () => {
    const bytes = writeZip([
      { name: 'a', pieces: [bytesOf('12345678')] },
      { name: 'b', pieces: [bytesOf('12345678')] },
    ])
    const view = new DataView(bytes.buffer)
    const directory = view.getUint32(bytes.length - 6, true)
    view.setUint32(directory + 47 + 42, 0, true)
    expect(refusal(bytes)).toBe("zip entry 'b': expected its own place in the archive, found one that another has.")
  })

  test('two entries of one name, and encryption', () => {
    const twice = writeZip([
      { name: 'a', pieces: [] },
      { name: 'a', pieces: [] },
    ])
    expect(refusal(twice)).toBe("zip directory: expected every name once, found a second 'a'.")
    expect(refusal(altered(content, { 8: 0x00080001 }))).toContain('entries that are not encrypted')
  })

  test('archives of other things', async () => {
    const archive = writeZip([{ name: 'readme.txt', pieces: [] }])
    await expect(readCheckpoint(archive)).rejects.toThrow(
      "expected the files of a PyTorch, NumPy or Keras checkpoint ('data.pkl', '….npy', 'model.weights.h5'), found " +
        "'readme.txt'; unpack it first, where the checkpoint is one of its files.",
    )
    await expect(readCheckpoint(writeZip([]))).rejects.toThrow("'model.weights.h5'), found none")
  })

  test('an archive that was cut short', () => {
    const whole = fixture('tiny.npz')
    for (let length = 0; length < whole.length; length += 5) {
      expect(refusal(whole.slice(0, length))).toMatch(/a list of entries at its end, found none; it may have been cut/)
    }
  })
})
