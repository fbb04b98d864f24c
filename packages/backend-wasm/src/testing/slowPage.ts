import type { Session, Tensor } from '@resnet-ts/graph'
import type { Page } from 'playwright-core'
import type { EngineOptions } from './enginePage.js'
import { slowNetwork } from './slowNetwork.js'

type Tensors = Readonly<Record<string, Tensor>>

declare global {
  /** What a page has once `prepareSlow` is done. */
  var slow: {
    /** A session of the network of `slowNetwork`, whose last weights are cut off if so asked. */
    open(options: EngineOptions, isCut?: boolean): Promise<Session>
    /** For what goes on from one `evaluate` to the next. */
    session?: Session
    /** An image that takes a while, and one that does not. */
    readonly large: Tensors
    readonly small: Tensors
    /** Milliseconds that a run of the large one takes. */
    duration(session: Session): Promise<number>
    after(milliseconds: number): Promise<void>
    /** Whether outputs are the same, bit by bit. */
    same(outputs: Tensors, others: Tensors): boolean
    /** What a promise fails with. */
    failure(promise: Promise<unknown>): Promise<string>
  }
}

/** Gives a page a network that takes a while, and what tests do with it. */
export function prepareSlow(page: Page): Promise<void> {
  const { graph, params } = slowNetwork()
  const weights = [...params].map(([key, { shape, read }]) => [key, { shape, data: [...read()] }] as const)
  return page.evaluate(
    ({ graph, weights }) => {
      const { wasm, parameter, tensor } = globalThis.engine
      const params = new Map(
        weights.map(([key, { shape, data }]) => [key, parameter(shape, Float32Array.from(data))] as const),
      )
      const imageOf = (side: number) => {
        const data = Float32Array.from({ length: side * side * 16 }, (_, index) => Math.sin(index * index))
        return { image: tensor([1, side, side, 16], data) }
      }
      const large = imageOf(192)
      const bits = (tensors: Tensors) => Object.values(tensors).map(({ data }) => [...data])
      globalThis.slow = {
        open(options, isCut = false) {
          if (!isCut) return wasm(options).compile(graph, params)
          const [key, { shape }] = [...params].pop()!
          return wasm(options).compile(graph, new Map(params).set(key, { shape, read: () => new Float32Array(1) }))
        },
        large,
        small: imageOf(9),
        async duration(session) {
          await session.run(large)
          const start = performance.now()
          await session.run(large)
          return performance.now() - start
        },
        after: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        same: (outputs, others) => JSON.stringify(bits(outputs)) === JSON.stringify(bits(others)),
        failure: (promise) =>
          promise.then(
            () => 'no failure',
            (error: unknown) => String(error),
          ),
      }
    },
    { graph, weights },
  )
}
