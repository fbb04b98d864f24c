import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { cifar10Resnet20 } from './index.js'

const { name, config, bytes } = cifar10Resnet20
const fileOf = (path: string) => readFile(new URL(`../${path}`, import.meta.url))

test('gives the file in the package, which is the one its card names', async () => {
  const embedded = await bytes()
  expect(createHash('sha256').update(embedded).digest('hex')).toBe(config.sha256)
  expect(Buffer.compare(embedded, await fileOf('weights/cifar10-resnet20.safetensors'))).toBe(0)
})

test('gives each caller memory of its own, aligned for views', async () => {
  const first = await bytes()
  const second = await bytes()
  expect(first.buffer).not.toBe(second.buffer)
  expect(first.byteOffset).toBe(0)
})

test('gives the card in the package', async () => {
  expect(name).toBe('cifar10-resnet20')
  expect(config).toEqual(JSON.parse(await fileOf('weights/config.json').then(String)))
  expect(config.label_names).toHaveLength(config.num_classes)
  expect(config.correct / config.total).toBe(config.top1)
})

test('holds the parameters that its card counts', async () => {
  const file = await bytes()
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  const header: Record<string, { dtype: string; shape: number[] }> = JSON.parse(
    new TextDecoder().decode(file.subarray(8, 8 + length)),
  )
  delete header.__metadata__
  const trained = Object.entries(header).filter(([key]) => !/running_(mean|var)$/.test(key))
  const counts = trained.map(([, { shape }]) => shape.reduce((product, side) => product * side, 1))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(config.parameters)
  expect(new Set(Object.values(header).map(({ dtype }) => dtype))).toEqual(new Set(['F16']))
  expect(header['fc.weight']?.shape).toEqual([config.num_classes, 64])
})

test('exports the files, too', async () => {
  expect(await fileOf(packageJson.exports['./weights.safetensors'])).toHaveLength((await bytes()).length)
  expect(JSON.parse(await fileOf(packageJson.exports['./config.json']).then(String))).toEqual(config)
})

test('says in its README what its card says', async () => {
  const readme = await fileOf('README.md').then(String)
  for (const label of config.label_names) expect(readme).toContain(label)
  expect(readme).toContain(`${config.correct.toLocaleString('en')} of ${config.total.toLocaleString('en')}`)
  expect(readme).toContain(`${(100 * config.top5).toFixed(2)} %`)
  expect(readme).toContain(config.sha256)
})
