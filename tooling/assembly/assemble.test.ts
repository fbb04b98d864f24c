import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assemble } from './assemble.mjs'

const doubled = `export function doubled(at: usize): void {
  const x = v128.load(at)
  v128.store(at, ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, f32x4.splat(1), x) : f32x4.add(x, x))
}`

describe('assemble', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assemble-'))
    await mkdir(join(folder, 'assembly'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const write = (source: string) => writeFile(join(folder, 'assembly/index.ts'), source)
  const generated = (name: string) => join(folder, `src/generated/${name}.ts`)

  async function binaryOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const [, text] = /^export default '(.*)'$/m.exec(await readFile(generated(name), 'utf8')) ?? []
    return Uint8Array.from(Buffer.from(text ?? '', 'base64'))
  }

  it('writes a binary that computes in memory of its caller', async () => {
    await write(doubled)
    await assemble(folder, ['simd'])
    const memory = new WebAssembly.Memory({ initial: 1 })
    const module = new WebAssembly.Module(await binaryOf('simd'))
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    const values = new Float32Array(memory.buffer, 64, 4)
    values.set([1, 2, 3, -4])
    ;(exports.doubled as (at: number) => void)(64)
    expect([...values]).toEqual([2, 4, 6, -8])
  })

  it('writes those that are asked for, which differ', async () => {
    await write(doubled)
    await assemble(folder, ['simd', 'relaxed', 'simdShared'])
    const [simd, relaxed, shared] = await Promise.all(['simd', 'relaxed', 'simdShared'].map(binaryOf))
    expect(simd).not.toEqual(relaxed)
    expect(simd).not.toEqual(shared)
    expect(existsSync(generated('relaxedShared'))).toBe(false)
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true })
    new WebAssembly.Instance(new WebAssembly.Module(shared!), { env: { memory } })
  })

  it('tells of source that does not compile, and writes nothing', async () => {
    await write('export function wrong(): i32 { return "text" }')
    await expect(assemble(folder, ['simd'])).rejects.toThrow(/does not compile:[^]*not assignable to type 'i32'/)
    expect(existsSync(generated('simd'))).toBe(false)
  })

  it.each([[[]], [['simd', 'mmx']]])('refuses the names %j', async (names) => {
    await write(doubled)
    await expect(assemble(folder, names)).rejects.toThrow(`found ${names[1] ?? 'none'}.`)
  })
})
