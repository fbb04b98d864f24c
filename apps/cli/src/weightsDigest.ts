import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { embeddedWeights, type Model } from 'resnet-ts'
import type { ModelArguments } from './options.js'

/** Tells which weights a model has. */
export interface WeightsDigest {
  /** To load the model with: it looks at what comes from a URL, which is not to be downloaded twice. */
  readonly fetch: typeof globalThis.fetch
  /** The checkpoint's SHA-256, once the model is loaded. */
  of(model: Model): Promise<string>
}

/** @param options - those that the model is loaded with */
export function weightsDigest({ weights, model: name }: ModelArguments): WeightsDigest {
  const hash = createHash('sha256')
  const fetched = weights !== undefined && /^(https?|data|blob):/i.test(weights)
  return {
    async fetch(address, options) {
      const response = await globalThis.fetch(address, options)
      if (address !== weights || !response.ok) return response
      const bytes = await response.arrayBuffer()
      hash.update(new Uint8Array(bytes))
      return new Response(bytes)
    },
    async of(model) {
      if (weights === undefined) hash.update(await embeddedBytes(name ?? model.name))
      else if (!fetched) await hashFile(weights, hash)
      return `sha256:${hash.digest('hex')}`
    },
  }
}

async function embeddedBytes(name: string): Promise<Uint8Array> {
  const embedded = embeddedWeights.find(
    ({ architecture, tag }) => name === architecture || name === `${architecture}.${tag}`,
  )
  // A model that was loaded without --weights has embedded ones.
  const pretrained = await embedded!.load()
  return pretrained.bytes()
}

async function hashFile(weights: string, hash: Hash): Promise<void> {
  const path = /^file:/i.test(weights) ? fileURLToPath(weights) : weights
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk)
  })
}
