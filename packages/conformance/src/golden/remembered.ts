import type { Params } from '@resnet-ts/graph'
import type { GoldenRun } from './runs.js'

/**
 * The run with weights that are made once and kept in `memory`, for when it, or another whose weights have the same
 * names and shapes, is run again.
 */
export function remembered(run: GoldenRun, memory: Map<string, Float32Array>): GoldenRun {
  const { graph, params } = run.network
  return { ...run, network: { graph, params: rememberedParams(params, memory) }, image: run.image }
}

function rememberedParams(params: Params, memory: Map<string, Float32Array>): Params {
  return new Map(
    [...params].map(([key, { shape, read }]) => {
      const place = `${key} ${shape.join()}`
      const readOnce = () => {
        const values = memory.get(place) ?? read()
        memory.set(place, values)
        return values
      }
      return [key, { shape, read: readOnce }]
    }),
  )
}
