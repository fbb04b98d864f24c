import type { Network } from '@resnet-ts/graph'
import { bind, readCheckpoint } from '@resnet-ts/weights'
import { findModel, initialise } from '@resnet-ts/zoo'
import { loadModel } from '../loadModel.js'

/** Which network is measured. */
export interface NetworkArguments {
  readonly model: string
  /** A checkpoint of it; drawn weights, if left out. */
  readonly weights?: string
  readonly config?: string
}

/** A network as it is written, and the size of its images. */
export interface SizedNetwork {
  readonly network: Network
  /** Height and width, in pixels. */
  readonly size: readonly [height: number, width: number]
}

/**
 * A network with its weights, or with drawn ones, which take as long to compute with.
 *
 * @throws {ResnetError} for all that `loadModel` refuses
 */
export async function networkOf(
  { model: name, weights, config }: NetworkArguments,
  signal: AbortSignal,
): Promise<SizedNetwork> {
  if (weights === undefined) {
    const factory = findModel(name)
    const graph = factory()
    return { network: { graph, params: initialise(graph) }, size: factory.preprocess.size }
  }
  // Loaded, since the card may build it with other options. The lightest backend will do.
  const { model } = await loadModel(
    { model: name, weights, ...(config !== undefined && { config }), backend: 'reference' },
    signal,
  )
  await model.dispose()
  const { params } = bind(model.graph, await readCheckpoint(weights, { signal }))
  return { network: { graph: model.graph, params }, size: model.preprocess.size }
}
