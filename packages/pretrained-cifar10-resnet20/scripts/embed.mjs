// Writes the checkpoint and its card as modules, so that they reach every runtime, bundler and page the way code does:
// nothing to copy, host, fetch or configure.

import { mkdir, readFile, writeFile } from 'node:fs/promises'

const weights = new URL('../weights/', import.meta.url)
const generated = new URL('../src/generated/', import.meta.url)

/** Leaves a file that is right already as it is, so that nothing is compiled again for it. */
async function write(name, text) {
  const file = new URL(name, generated)
  const old = await readFile(file, 'utf8').catch(() => undefined)
  if (old !== text) await writeFile(file, text)
}

const name = 'cifar10-resnet20.safetensors'
const checkpoint = await readFile(new URL(name, weights))
const card = JSON.parse(await readFile(new URL('config.json', weights), 'utf8'))
await mkdir(generated, { recursive: true })
await write('weights.ts', `export const base64: string = '${checkpoint.toString('base64')}'\n`)
// From a module of the package.
await write('file.ts', `export const file = { path: '../weights/${name}', bytes: ${checkpoint.length} }\n`)
await write(
  'card.ts',
  `import type { PretrainedConfig } from '../pretrained.js'\n\nexport const card: PretrainedConfig = ${JSON.stringify(card, null, 2)}\n`,
)
