import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cost, inferShapes } from '@resnet-ts/graph'
import { readOnnx } from '@resnet-ts/onnx'
import { cifar_resnet20, cifar_resnet32, resnet18 } from '@resnet-ts/zoo'
import { load } from 'resnet-ts'
import { transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { example } from '../testing/examples.js'
import { flowers, situations, writeFilesOf } from '../testing/situations.js'
import type { Platform } from './situation.js'
import { snippets } from './snippets.js'

const run = promisify(execFile)
const app = fileURLToPath(new URL('../../', import.meta.url))
const timeLimit = 120_000

describe('The code of the page Code', { timeout: timeLimit }, () => {
  let folder: string
  beforeAll(async () => {
    // Here its imports are found where those of the app are.
    await mkdir(join(app, '.vitest'), { recursive: true })
    folder = await mkdtemp(join(app, '.vitest', 'code-'))
    await writeFilesOf(folder)
    await cp(example('chelsea.png'), join(folder, 'chelsea.png'))
  }, timeLimit)
  afterAll(() => rm(folder, { recursive: true, force: true }), timeLimit)

  function codeOf(name: string, id: string, platform: Platform = 'node'): string {
    const snippet = snippets({ ...situations[name]!, platform }).find((snippet) => snippet.id === id)
    if (!snippet) throw new Error(`there is no snippet '${id}'`)
    return snippet.code
  }

  /** The lines that a snippet prints in Node. */
  async function printed(name: string, id: string): Promise<string[]> {
    const file = join(folder, `${name}-${id}.mjs`)
    await writeFile(file, (await transformWithOxc(codeOf(name, id), file, { lang: 'ts' })).code)
    const { stdout } = await run(process.execPath, [file], { cwd: folder, timeout: timeLimit })
    return stdout.trimEnd().split('\n')
  }

  test('has the types that it says, in Node and in a page', async () => {
    const types = join(folder, 'types')
    await mkdir(types)
    const hub = {
      ...situations.embedded!,
      model: {
        architecture: 'resnet50',
        source: { kind: 'hub', name: 'resnet50.a1_in1k' },
        computing: undefined,
      },
    } as const
    for (const [name, situation] of Object.entries({ ...situations, hub })) {
      for (const platform of ['node', 'page'] as const) {
        for (const { id, code } of snippets({ ...situation, platform })) {
          await writeFile(join(types, `${name}-${id}-${platform}.ts`), code)
        }
      }
    }
    const base = join(app, '..', '..', 'tooling', 'tsconfig', 'base.json')
    const compilerOptions = {
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      types: ['node'],
    }
    await writeFile(join(types, 'tsconfig.json'), JSON.stringify({ extends: base, compilerOptions, include: ['*.ts'] }))
    const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url))
    const found = await run(process.execPath, [tsc, '-p', types]).catch(({ stdout }: { stdout: string }) => ({
      stdout,
    }))
    expect(found.stdout).toBe('')
  })

  test('classifies as `classify` does', async () => {
    const model = await load()
    const wanted = await model.classify(example('chelsea.png'))
    await model.dispose()
    expect(await printed('embedded', 'classify')).toEqual(
      wanted.map(({ label, probability }) => `${label} ${probability}`),
    )
  })

  test.each(['carded', 'uncarded'])('classifies with a checkpoint and its names: %s', async (name) => {
    const labels = (await printed(name, 'classify')).map((line) => line.split(' ')[0])
    expect(labels.sort()).toEqual(flowers)
  })

  test.each([
    ['embedded', 'cat'],
    ['chosen', 'dog'],
    ['carded', 'tulip'],
    ['uncarded', 'daisy'],
  ])('shows where a class is seen: %s', async (name, label) => {
    await rm(join(folder, 'where.png'), { force: true })
    const [last] = await printed(name, 'where')
    expect(last).toMatch(new RegExp(`^${label} -?\\d`))
    expect((await readFile(join(folder, 'where.png'))).subarray(1, 4).toString()).toBe('PNG')
  })

  test.each([
    ['embedded', [cifar_resnet20]],
    ['chosen', [resnet18, cifar_resnet32]],
  ] as const)('tells what networks cost, and draws them: %s', async (name, models) => {
    const lines = await printed(name, 'network')
    for (const model of models) {
      const { total } = cost(model(), inferShapes(model(), { image: [1, ...model.preprocess.size, 3] }))
      expect(lines).toContain(`${model.modelName} ${total.parameters} ${total.macs}`)
    }
    expect(lines.filter((line) => line.startsWith('<svg '))).toHaveLength(models.length)
  })

  test.each([
    ['embedded', 32, 16],
    ['chosen', 16, 32],
    ['carded', 8, 64],
    ['uncarded', 32, 16],
  ])('looks into a block: %s', async (name, side, channels) => {
    const lines = await printed(name, 'inside')
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).toContain(`[ 1, ${side}, ${side}, ${channels} ] ${side * side * channels}`)
    }
  })

  test.each(['embedded', 'chosen', 'uncarded'])('measures, layer by layer: %s', async (name) => {
    const [milliseconds, ...layers] = await printed(name, 'speed')
    expect(Number(milliseconds)).toBeGreaterThan(0)
    expect(layers.length).toBeGreaterThan(15)
    for (const layer of layers) expect(layer).toMatch(/^\S+ \S.* [\d.e-]+$/)
  })

  test.each(['embedded', 'carded'])('writes ONNX: %s', async (name) => {
    const [length] = await printed(name, 'onnx')
    const file = await readFile(join(folder, 'model.onnx'))
    expect(file).toHaveLength(Number(length))
    const labels = JSON.parse(readOnnx(file).metadata.get('labels') ?? '')
    expect(labels).toEqual(name === 'carded' ? flowers : expect.arrayContaining(['airplane', 'truck']))
  })
})
