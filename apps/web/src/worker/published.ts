import type { Published } from './api.js'

/** The checkpoints that the zoo knows on the hub, in the order of their architectures, each one's default first. */
export async function publishedOnHub(): Promise<readonly Published[]> {
  const { timmCheckpoints } = await import('@resnet-ts/zoo/pretrained')
  return timmCheckpoints.map(({ architecture, tag, numClasses, preprocess, accuracy, license }) => ({
    name: `${architecture}.${tag}`,
    classes: numClasses,
    size: Math.max(...preprocess.size),
    accuracy: accuracy?.top1,
    license,
  }))
}
