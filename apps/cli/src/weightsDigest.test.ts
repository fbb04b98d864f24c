import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { embeddedWeights, load } from 'resnet-ts'
import { describe, expect, it } from 'vitest'
import { temporaryFolders } from './testing/run.js'
import { weightsDigest } from './weightsDigest.js'

const temporaryFolder = temporaryFolders()

describe('weightsDigest', () => {
  it('is that of the checkpoint, wherever it comes from', async () => {
    const embedded = await embeddedWeights[0]!.load()
    const bytes = await embedded.bytes()
    const path = join(await temporaryFolder(), 'own.safetensors')
    await writeFile(path, bytes)
    const url = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
    const digests: string[] = []
    for (const weights of [undefined, path, pathToFileURL(path).href, url]) {
      const digest = weightsDigest({ backend: 'auto', ...(weights && { weights }) })
      const model = await load('cifar_resnet20', { weights, config: embedded.config, fetch: digest.fetch })
      digests.push(await digest.of(model))
      await model.dispose()
    }
    expect(digests).toEqual(Array(4).fill(`sha256:${createHash('sha256').update(bytes).digest('hex')}`))
  })
})
