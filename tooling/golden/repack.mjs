#!/usr/bin/env node
// Packs reference numbers, as the Python scripts beside this one write them, into data/*.json.br.
//
//   node repack.mjs FOLDER
//
// FOLDER may hold any of the parts below; the data file of a part that is absent is left as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

/** What a folder may hold (a file, or a folder of files) and the data file it becomes. */
const PARTS = [
  { from: 'timm', to: 'timm', pack: models },
  { from: 'timm-v2', to: 'timm-v2', pack: models },
  { from: 'cifar', to: 'cifar', pack: models },
  { from: 'ops.json', to: 'ops', pack: json },
  { from: 'timm-options.json', to: 'timm-options', pack: json },
  { from: 'timm-pretrained.json', to: 'timm-pretrained', pack: json },
  { from: 'torchvision-weights.json', to: 'torchvision-weights', pack: json },
  { from: 'imagenet-1k-categories.json', to: 'imagenet-1k-categories', pack: json },
  { from: 'cifar10/resnet20.json', to: 'cifar10-resnet20', pack: json },
]

function json(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** One list, sorted by name, of the models that a folder holds one a file. */
function models(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      // The first four logits are for human eyes: all of them are in `logits`.
      const { logitsFirst4: _, ...model } = json(join(folder, file))
      return model
    })
}

function compress(text) {
  const bytes = Buffer.from(text)
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      // A window that spans every model of a family: their keys and shapes differ little.
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
}

function main() {
  const folder = process.argv[2]
  if (folder === undefined || !existsSync(folder)) {
    console.error('usage: node repack.mjs FOLDER (a folder that exists)')
    process.exitCode = 2
    return
  }
  const data = fileURLToPath(new URL('data/', import.meta.url))
  mkdirSync(data, { recursive: true })
  for (const { from, to, pack } of PARTS) {
    const source = join(folder, from)
    if (!existsSync(source)) continue
    const packed = compress(JSON.stringify(pack(source)))
    writeFileSync(join(data, `${to}.json.br`), packed)
    console.log(`${from} → data/${to}.json.br, ${packed.length} bytes`)
  }
}

main()
