import type { ModelConfig } from './config.js'

/** Embedded weights: what each `@resnet-ts/pretrained-*` package exports. */
export interface Pretrained {
  /** What messages call it: `cifar10-resnet20`. */
  readonly name: string
  /** Its card. */
  readonly config: ModelConfig
  /** The checkpoint, as a safetensors file. */
  bytes(): Promise<Uint8Array>
}

/** Embedded weights by name, each brought in when it is asked for. */
export interface EmbeddedWeights {
  /** A name of the zoo. */
  readonly architecture: string
  /** What follows the architecture's name in `cifar_resnet20.cifar10`. */
  readonly tag: string
  /** Brings them in. */
  load(): Promise<Pretrained>
}

/** The embedded weights there are; the first of an architecture is its default. */
export const embeddedWeights: readonly EmbeddedWeights[] = [
  {
    architecture: 'cifar_resnet20',
    tag: 'cifar10',
    load: async () => (await import('@resnet-ts/pretrained-cifar10-resnet20')).cifar10Resnet20,
  },
]

/** The embedded weights of `architecture`, or of `architecture.tag`. */
export function findEmbedded(name: string): EmbeddedWeights | undefined {
  return embeddedWeights.find(({ architecture, tag }) => name === architecture || name === `${architecture}.${tag}`)
}
