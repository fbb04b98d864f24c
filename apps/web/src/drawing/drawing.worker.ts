import { print, summarise } from '@resnet-ts/graph'
import { toSvg } from '@resnet-ts/graph/diagram'
import { findModel, models } from '@resnet-ts/zoo/catalog'
import { serve } from '../remote/serve.js'
import type { DrawingMethods } from './api.js'
import { groupModels } from './groups.js'
import { boxDetails, drawn, networkView, partSummary } from './views.js'

serve<DrawingMethods>({
  models: async () => groupModels([...models.keys()]),

  network: async ({ model, everyBlock }) => networkView(drawn(findModel(model)), everyBlock),

  box: async ({ model, names, theme }) => boxDetails(drawn(findModel(model)), names, theme),

  async text({ model }) {
    const { graph, inputs } = drawn(findModel(model))
    return print(graph, inputs)
  },

  async svg({ model, everyBlock, theme }) {
    const { graph, inputs } = drawn(findModel(model))
    const depth = everyBlock ? 'blocks' : undefined
    return new Blob([toSvg(graph, inputs, { theme, depth })], { type: 'image/svg+xml' })
  },

  async summary({ model }) {
    const { graph, inputs } = drawn(findModel(model))
    const summary = { inputs, ...partSummary(summarise(graph, inputs)) }
    return new Blob([JSON.stringify(summary, null, 2)], { type: 'application/json' })
  },

  async onnx({ model }) {
    const [{ initialise }, { exportOnnx }] = await Promise.all([import('@resnet-ts/zoo'), import('@resnet-ts/onnx')])
    const factory = findModel(model)
    const graph = factory()
    const file = exportOnnx({ graph, params: initialise(graph, { seed: 1 }) }, { preprocess: factory.preprocess })
    return new Blob([file as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' })
  },
})
