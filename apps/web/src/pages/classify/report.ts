import type { ClassifiedPhoto, ModelInfo } from '../../worker/api.js'

/** What was found of a photograph, as JSON. */
export function reportOf(
  photo: { readonly name: string; readonly width: number; readonly height: number },
  model: Pick<ModelInfo, 'title' | 'architecture' | 'device'>,
  { predictions, timings }: Pick<ClassifiedPhoto, 'predictions' | 'timings'>,
): string {
  const { name, width, height } = photo
  const { title, architecture, device } = model
  return JSON.stringify(
    {
      photo: { name, width, height },
      model: { name: title, architecture, device },
      predictions,
      milliseconds: timings,
    },
    null,
    2,
  )
}
