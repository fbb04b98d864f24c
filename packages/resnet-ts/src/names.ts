import { OptionError } from '@resnet-ts/graph'
import type { ModelFactory } from '@resnet-ts/zoo'
import type { PretrainedCheckpoint } from '@resnet-ts/zoo/pretrained'
import { embeddedWeights, findEmbedded } from './pretrained.js'

/** What a name stands for. */
export interface NamedModel {
  /** The architecture, of which `load` builds the graph. */
  readonly factory: ModelFactory
  /** The published checkpoint, where the name has its tag; undefined for one that is embedded. */
  readonly checkpoint: PretrainedCheckpoint | undefined
}

/**
 * Finds `resnet50`, or `resnet50.a1_in1k`, as `load` does, and loads nothing. All of the zoo, and its table of
 * checkpoints, are brought in only where a model is asked for by name.
 *
 * @throws {UnknownModelError} when there is no such model, telling the nearest
 * @throws {OptionError} when it has no such tag, telling those it has
 */
export async function resolveName(name: string): Promise<NamedModel> {
  const { findModel } = await import('@resnet-ts/zoo/catalog')
  const dot = name.indexOf('.')
  const factory = findModel(dot < 0 ? name : name.slice(0, dot))
  if (dot < 0 || findEmbedded(name)) return { factory, checkpoint: undefined }
  const { findCheckpoint, timmCheckpoints, torchvisionCheckpoints } = await import('@resnet-ts/zoo/pretrained')
  const checkpoint = findCheckpoint(name)
  if (checkpoint) return { factory, checkpoint }
  const published = [...embeddedWeights, ...timmCheckpoints, ...torchvisionCheckpoints].filter(
    ({ architecture }) => architecture === factory.modelName,
  )
  throw new OptionError({
    subject: `model '${name}'`,
    expected:
      published.length > 0
        ? `one of the tags ${published.map(({ tag }) => tag).join(', ')}`
        : 'the name alone: no checkpoint of it is published',
    found: `the tag '${name.slice(dot + 1)}'`,
  })
}

/**
 * The published checkpoint of `resnet50` (timm's default tag) or `resnet50.a1_in1k`. All tables are brought in only where
 * no weights are given.
 *
 * @throws {UnknownModelError} when there is no such model
 * @throws {OptionError} when it has no such tag
 */
export async function findPublished(source: string | ModelFactory): Promise<PretrainedCheckpoint | undefined> {
  const { factory, checkpoint } =
    typeof source === 'string' ? await resolveName(source) : { factory: source, checkpoint: undefined }
  return checkpoint ?? (await import('@resnet-ts/zoo/pretrained')).findCheckpoint(factory.modelName)
}

/** The names of a thousand classes are taken to be ImageNet's, where nobody says otherwise. */
export async function usualLabels(classes: number | undefined): Promise<readonly string[] | undefined> {
  return classes === 1000 ? (await import('@resnet-ts/zoo/labels')).imagenet1k : undefined
}
