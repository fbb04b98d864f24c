import { readCheckpoint, writeNpz, writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise } from '@resnet-ts/zoo'
import { embeddedWeights } from 'resnet-ts'
import { expect, it } from 'vitest'
import { weightsDigest } from './weightsDigest.js'

const { signal } = new AbortController()
const digest = (given?: Awaited<ReturnType<typeof readCheckpoint>>) => weightsDigest('cifar_resnet20', given, signal)

it('is that of the tensors, whatever file they are in', async () => {
  const embedded = await readCheckpoint(await (await embeddedWeights[0]!.load()).bytes())
  const files = [writeSafetensors(embedded.tensors), writeNpz(embedded.tensors)]
  const digests = [await digest(), await digest(embedded)]
  for (const file of files) digests.push(await digest(await readCheckpoint(file)))
  expect(new Set(digests).size).toBe(1)
  expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/)
})

it('is another when one value, one name or one shape is another', async () => {
  const params = initialise(cifar_resnet20())
  const [key, { shape, read }] = [...params][0]!
  const values = read().map((value, index) => (index === 0 ? value + 1 : value))
  const others = [
    new Map([...params, [key, { shape, read: () => values }]]),
    new Map([...params].map(([name, param]) => [name === key ? 'other' : name, param])),
    new Map([...params, [key, { shape: [shape[0]!, 1, ...shape.slice(1)], read }]]),
  ]
  const digests = await Promise.all(
    [params, ...others].map(async (each) => digest(await readCheckpoint(writeSafetensors(each)))),
  )
  expect(new Set(digests).size).toBe(4)
})
