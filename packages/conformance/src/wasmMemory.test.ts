import { wasm } from '@resnet-ts/backend-wasm'
import { type Network, optimise, parameters, sizeOf, tensor } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'

// What a network takes of WebAssembly memory, packed and run at 224×224: of its weights as they are a multiple, and room for
// the values of one inference.

/** Bytes for everything but weights. */
const room = 24e6
const factors = { default: 2, low: 1.25 } as const

const models = ['resnet18', 'resnet50', 'resnext50_32x4d', ...(process.env.RESNET_TS_LONG ? ['resnet152'] : [])]

/** A network whose weights are all zero: memory does not depend on them. */
function networkOf(model: string): Network {
  const graph = findModel(model)()
  const params = parameters(graph).map(({ key, shape }) => {
    return [key, { shape, read: () => new Float32Array(sizeOf(shape)) }] as const
  })
  return optimise({ graph, params: new Map(params) })
}

describe.each(models)('%s in WebAssembly memory', (model) => {
  test.each(Object.entries(factors))(
    "with memory '%s', no more than %f times its weights and 24 MB",
    async (...[memory, factor]) => {
      const { graph, params } = networkOf(model)
      const weights = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0)
      const session = await wasm({ threads: 2, memory: memory as keyof typeof factors }).compile(graph, params)
      const image = tensor([1, 224, 224, 3], new Float32Array(224 * 224 * 3))
      await session.run({ image })
      const { memoryBytes } = session.describe()
      await session.run({ image })
      expect(session.describe().memoryBytes).toBe(memoryBytes)
      await session.dispose()
      expect(memoryBytes).toBeGreaterThan(weights)
      expect(memoryBytes).toBeLessThanOrEqual(weights * factor + room)
    },
  )
})
