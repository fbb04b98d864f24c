import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { optimise } from '@resnet-ts/graph'
import { expectClose } from '@resnet-ts/testing/close'
import { getBackend } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, writeApp } from './testing/app.js'
import { outputsOnCpu } from './testing/cpu.js'
import { image, network, params } from './testing/page/network.js'
import { tfjsWasm } from './tfjs.js'

describe('in this process', () => {
  it.each([
    ['as it is', { graph: network(), params: params() }],
    ['optimised', optimise({ graph: network(), params: params() })],
  ])('computes a network %s, as tfjs does in JavaScript', async (_, net) => {
    const expected = await outputsOnCpu()
    const before = getBackend()
    const session = await tfjsWasm().compile(net.graph, net.params)
    const outputs = await session.run({ image: image() })
    expect(getBackend()).toBe(before)
    expect(Object.keys(outputs)).toEqual(Object.keys(expected))
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(outputs[name].shape).toEqual(shape)
      expectClose(outputs[name].data, data)
    }
    await session.dispose()
  })

  it('describes itself', async () => {
    const backend = tfjsWasm()
    const device = 'WebAssembly SIMD (TensorFlow.js), 1 thread'
    expect(await backend.isAvailable()).toEqual({ available: true, device })
    const session = await backend.compile(network(), params())
    expect(session.describe()).toEqual({
      backend: 'tfjs-wasm',
      device,
      notes: ['One thread: TensorFlow.js starts others, but gives them no work.'],
    })
    await session.dispose()
  })
})

// tfjs loads its WebAssembly once in a process: what comes before that needs a process of its own.
describe('in a process of its own', () => {
  let app: App
  let bare: App
  let elsewhere: string
  const dist = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))

  beforeAll(() => {
    app = writeApp({ tfjs: true })
    bare = writeApp({ tfjs: false })
    elsewhere = mkdtempSync(join(tmpdir(), 'resnet-ts-wasm-'))
    cpSync(join(dist, 'tfjs-backend-wasm-simd.wasm'), join(elsewhere, 'moved.wasm'))
  })
  afterAll(() => {
    app?.remove()
    bare?.remove()
    rmSync(elsewhere, { recursive: true })
  })

  /** What a module prints, on either stream, that runs in an application's folder. */
  function run({ folder }: App, code: string): string {
    const imports = `
      import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
      import { GraphBuilder, tensor } from '@resnet-ts/graph'
      const g = new GraphBuilder('double')
      const x = g.input('x', { channels: 1, rank: 2 })
      g.output('y', g.add(x, x))
      const double = async (backend) => {
        const session = await backend.compile(g.build(), new Map())
        return (await session.run({ x: tensor([1, 1], Float32Array.of(21)) })).y.data[0]
      }
    `
    const command = ['--input-type=module', '--eval', imports + code]
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', timeout: 20_000 })
    return stdout + stderr
  }

  it('prints nothing, leaves no handlers, and lets the process end', () => {
    const code = `
      const count = () => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')
      const before = count()
      process.on('unhandledRejection', function (reason) { console.log(reason) })
      const answer = await double(tfjsWasm())
      console.log(answer, count() - before)
      process.on('exit', () => console.log('the end'))`
    expect(run(app, code)).toBe('42 1\nthe end\n')
  })

  it('is not imported before it is needed', () => {
    const code = `
      tfjsWasm()
      console.log('_tfGlobals' in globalThis || '_tfengine' in globalThis)`
    expect(run(app, code)).toBe('false\n')
  })

  it('takes the files from where it is told', () => {
    const file = join(elsewhere, 'moved.wasm')
    const paths = (simd: string) => ({ 'tfjs-backend-wasm.wasm': 'unused', 'tfjs-backend-wasm-simd.wasm': simd })
    for (const wasmPaths of [
      `${dist}/`,
      pathToFileURL(`${dist}/`).href,
      paths(file),
      paths(pathToFileURL(file).href),
    ]) {
      expect(run(app, `console.log(await double(tfjsWasm(${JSON.stringify({ wasmPaths })})))`)).toBe('42\n')
    }
  })

  it('a file that is missing is named, with nothing printed, and another try may work', () => {
    const code = `
      console.log((await tfjsWasm({ wasmPaths: '/nowhere/' }).isAvailable()).reason)
      console.log(await double(tfjsWasm()))`
    expect(run(app, code)).toBe(
      'expected the file /nowhere/tfjs-backend-wasm-simd.wasm, found nothing that can be read; ' +
        "check the option 'wasmPaths', or install @tensorflow/tfjs-backend-wasm again\n42\n",
    )
  })

  it('without tfjs it says what is missing', () => {
    const code = `
      const backend = tfjsWasm()
      console.log((await backend.isAvailable()).reason)
      console.log(await double(backend).catch((error) => error.name))`
    const [reason, name] = run(bare, code).split('\n')
    expect(reason).toContain(
      "expected the packages '@tensorflow/tfjs-core' and '@tensorflow/tfjs-backend-wasm', found Cannot find package",
    )
    expect(reason).toContain('run: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm')
    expect(name).toBe('BackendError')
  })
})
