import { wasm } from '@resnet-ts/backend-wasm'
import { webgpu } from '@resnet-ts/backend-webgpu'
import type { SessionDescription } from '@resnet-ts/graph'
import { type LoadOptions, load, type Model, tensor } from 'resnet-ts'

/** What computed, and what came of it. */
export interface Chosen {
  readonly description: SessionDescription
  readonly logits: readonly number[]
}

/** An image of the embedded network. */
export const pixels = () =>
  tensor(
    [1, 32, 32, 3],
    Float32Array.from({ length: 32 * 32 * 3 }, (_, index) => Math.sin(index)),
  )

/** The embedded network on the GPU or, failing that, on the engine. */
export function loadOnEither(options: Pick<LoadOptions, 'choose'> = {}): Promise<Model> {
  return load('cifar_resnet20', { backends: [webgpu({ imageSize: 32 }), wasm({ threads: 1 })], ...options })
}

export async function chosenBy(model: Model): Promise<Chosen> {
  const { data } = await model.predict(pixels())
  return { description: model.describe(), logits: [...data] }
}

/** The one that is measured, or was before. */
export async function chooseFastest(): Promise<Chosen> {
  const model = await loadOnEither({ choose: 'fastest' })
  const chosen = await chosenBy(model)
  await model.dispose()
  return chosen
}
