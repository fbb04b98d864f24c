import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The built package as somebody has it who installed it, with and without onnxruntime-node, in a process of its own.

const here = fileURLToPath(new URL('..', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backend-node-'))
  for (const name of ['backend-node', 'graph', 'onnx']) {
    const from = join(here, '..', name)
    const to = join(folder, 'node_modules/@resnet-ts', name)
    await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true })
    await cp(join(from, 'package.json'), join(to, 'package.json'))
  }
  const wire = createRequire(join(here, '../onnx/package.json')).resolve('@bufbuild/protobuf/wire')
  await mkdir(join(folder, 'node_modules/@bufbuild'), { recursive: true })
  await symlink(join(dirname(wire), '../../..'), join(folder, 'node_modules/@bufbuild/protobuf'), 'junction')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a script writes, and the code it ends with; one that does not end is ended, and has none. */
async function run(script: string): Promise<{ output: string; code: number | null }> {
  await writeFile(join(folder, 'script.mjs'), script)
  const child = spawn(process.execPath, ['script.mjs'], { cwd: folder, timeout: 30_000 })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data
    })
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { output: output.trim(), code }
}

/** Installs a package that stands for onnxruntime-node. */
async function install(source: string): Promise<void> {
  const to = join(folder, 'node_modules/onnxruntime-node')
  await mkdir(to, { recursive: true })
  await writeFile(join(to, 'package.json'), '{ "name": "onnxruntime-node", "main": "index.js" }')
  await writeFile(join(to, 'index.js'), source)
}

const uninstall = () => rm(join(folder, 'node_modules/onnxruntime-node'), { recursive: true, force: true })

const askForIt = `
  import { onnxruntime } from '@resnet-ts/backend-node'
  console.log(JSON.stringify(await onnxruntime().isAvailable()))
`
const compileIt = `
  import { onnxruntime } from '@resnet-ts/backend-node'
  import { GraphBuilder } from '@resnet-ts/graph'
  const g = new GraphBuilder('g')
  g.output('y', g.relu(g.input('x', { channels: 1 })))
  const session = await onnxruntime().compile(g.build(), new Map()).catch((error) => console.log(String(error)))
  if (session) console.log(session.describe().device)
`

describe('without onnxruntime-node', () => {
  test('it says that it is not available, and what to do', async () => {
    const { output, code } = await run(askForIt)
    expect(code).toBe(0)
    expect(JSON.parse(output)).toEqual({
      available: false,
      reason: "expected the package 'onnxruntime-node', found none; run: npm install onnxruntime-node",
    })
  })

  test('compiling is an error that says so', async () => {
    const { output, code } = await run(compileIt)
    expect(code).toBe(0)
    expect(output).toBe(
      "BackendError: backend 'onnxruntime-node': expected the package 'onnxruntime-node', found none; " +
        'run: npm install onnxruntime-node.',
    )
  })
})

test('an onnxruntime-node that does not load here is not available either, and says why', async () => {
  await install('throw new Error("no binary for this machine")')
  const { output, code } = await run(askForIt)
  await uninstall()
  expect(code).toBe(0)
  expect(JSON.parse(output)).toEqual({
    available: false,
    reason: 'expected onnxruntime-node to load, found no binary for this machine',
  })
})

test('a session that nobody disposed of does not keep the process alive', async () => {
  await install(`
    const session = { inputNames: ['x'], outputNames: ['y'] }
    exports.env = { versions: { common: '1.2.3' } }
    exports.InferenceSession = { create: async () => session }
  `)
  const { output, code } = await run(compileIt)
  await uninstall()
  expect({ output, code }).toEqual({ output: 'onnxruntime 1.2.3 on cpu, a thread a core', code: 0 })
})

test('where there are no worker threads, as in a page, it is imported, and says so', async () => {
  const { output, code } = await run(
    `process.getBuiltinModule = undefined\n${askForIt.replace('import {', 'const {').replace("} from '@resnet-ts/backend-node'", "} = await import('@resnet-ts/backend-node')")}`,
  )
  expect(code).toBe(0)
  expect(JSON.parse(output)).toEqual({
    available: false,
    reason: 'expected Node, found a page, or a runtime without worker threads',
  })
})
