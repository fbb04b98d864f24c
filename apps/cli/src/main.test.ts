import { spawn } from 'node:child_process'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { plainPng } from './testing/png.js'
import { executable, resnet, temporaryFolders } from './testing/run.js'

const temporaryFolder = temporaryFolders()

describe('misuse ends with 2', () => {
  it.each([
    '',
    'clasify cat.png',
    'classify',
    'classify cat.png --colour',
    'classify cat.png --model',
    'classify cat.png --top 0',
    'classify cat.png --top abc',
    'classify cat.png --top 1.5',
    'classify cat.png --backend gpu',
    'eval',
    'eval one two',
    'embed --out x.npy',
    'embed cat.png',
    'embed cat.png --out x.csv',
    'embed cat.png --out x.npy --batch-size 0',
    'explain cat.png',
    'explain cat.png --out x.jpg',
    'explain cat.png --out x.png --opacity 1.5',
    'explain cat.png dog.png --out x.png',
    'similar cat.png',
    'similar cat.png --in x.npy --top 0',
    'models one two',
    'download',
    'cache',
    'cache empty',
    'cache list one two',
    'summary',
    'summary resnet18 --input-size -3',
    'summary resnet18 --input-size 20000',
    'summary resnet18 --depth ',
  ])('resnet %s', async (line) => {
    const { code, stdout, stderr } = await resnet(...line.split(' ').filter(Boolean))
    expect(stdout).toBe('')
    expect(stderr).toMatch(line === '' || line === 'cache' ? /^Usage: resnet/ : /^error: /)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(code).toBe(2)
  })
})

describe('help', () => {
  it.each([
    'classify',
    'eval',
    'explain',
    'embed',
    'similar',
    'models',
    'summary',
    'inspect',
    'convert',
    'download',
    'cache',
  ])('of %s has examples', async (command) => {
    const { code, stdout, stderr } = await resnet(command, '--help')
    expect(stdout).toMatch(new RegExp(`Usage: resnet ${command} [^]*Examples:\n  resnet ${command}`))
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('names the commands', async () => {
    const { code, stdout } = await resnet('--help')
    for (const command of ['classify', 'eval', 'explain', 'embed', 'similar', 'models', 'summary', 'download', 'cache'])
      expect(stdout).toMatch(new RegExp(`^ +${command}`, 'm'))
    expect(code).toBe(0)
  })

  it('tells the version', async () => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
    const { code, stdout } = await resnet('--version')
    expect(stdout).toBe(`${(JSON.parse(manifest) as { version: string }).version}\n`)
    expect(code).toBe(0)
  })
})

it('tells where an error comes from with --verbose only', async () => {
  const quiet = await resnet('summary', 'resnet1')
  const verbose = await resnet('summary', 'resnet1', '--verbose')
  expect(quiet.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(verbose.stderr).toContain(quiet.stderr)
  expect(verbose.stderr).toMatch(/^ +at .*findModel/m)
})

it('ends quietly when nobody reads on', async () => {
  const child = spawn(process.execPath, [executable, 'models', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(said).toBe('')
  expect(code).toBe(0)
})

it('can be interrupted, and leaves nothing half-written', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'photos/cat'), { recursive: true })
  const image = plainPng(32, 32, [90, 90, 90])
  for (let index = 0; index < 3000; index++) await writeFile(join(folder, `photos/cat/${index}.png`), image)
  const args = [executable, 'eval', join(folder, 'photos'), '--predictions', join(folder, 'predictions.csv')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  // Once the model is loaded, the images are under way.
  child.stderr.on('data', (data) => {
    if (said === '') setTimeout(() => child.kill('SIGINT'), 200)
    said += data
  })
  let results = ''
  child.stdout.on('data', (data) => {
    results += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(said).toMatch(/^interrupted$/m)
  expect(said).not.toMatch(/error|^ +at /m)
  expect(results).toBe('')
  expect(await readdir(folder)).toEqual(['photos'])
  expect(code).toBe(130)
})

it('says that it must be built where it is not', async () => {
  const folder = await temporaryFolder()
  await cp(fileURLToPath(new URL('../bin', import.meta.url)), join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const child = spawn(process.execPath, [join(folder, 'bin/resnet.js'), 'models'])
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(said).toMatch(/^error: .*`pnpm build`.*\.\n$/)
  expect(code).toBe(1)
})
