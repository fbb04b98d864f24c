import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { fetchHubModel, type HubName, parseHubName } from '@resnet-ts/weights'
import { findCheckpoint } from '@resnet-ts/zoo/pretrained'
import { embeddedWeights, type Model, resolveName } from 'resnet-ts'
import type { ModelArguments } from './options.js'

/** Tells which weights a model has. */
export interface WeightsDigest {
  /** To load the model with: it looks at what comes from a URL, which is not to be downloaded twice. */
  readonly fetch: typeof globalThis.fetch
  /** The checkpoint's SHA-256, or the commit of the hub that it is of, once the model is loaded. */
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
      if (weights === undefined) return digestOfName(name ?? model.name)
      if (!fetched) await hashFile(weights, hash)
      return sha256(hash)
    },
  }
}

/** Of the weights that a name alone brings: embedded ones, those in the hub's cache, or those at a URL of their own. */
async function digestOfName(name: string): Promise<string> {
  const embedded = embeddedWeights.find(
    ({ architecture, tag }) => name === architecture || name === `${architecture}.${tag}`,
  )
  if (embedded) return sha256(createHash('sha256').update(await (await embedded.load()).bytes()))
  const repository = parseHubName(name)
  if (repository) return digestInHub(repository)
  const { factory, checkpoint = findCheckpoint(factory.modelName) } = await resolveName(name)
  // The names of torchvision's files tell their content: `resnet50-0676ba61.pth`. The model was loaded, so there is one.
  return checkpoint?.hub === undefined ? checkpoint!.url! : digestInHub(parseHubName(checkpoint.hub)!)
}

/** The model was loaded, so that the cache has it. */
async function digestInHub(name: HubName): Promise<string> {
  const { repo, commit } = await fetchHubModel(name, { offline: true })
  return `hf:${repo}@${commit}`
}

function sha256(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`
}

async function hashFile(weights: string, hash: Hash): Promise<void> {
  const path = /^file:/i.test(weights) ? fileURLToPath(weights) : weights
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk)
  })
}
