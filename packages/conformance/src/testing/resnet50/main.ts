import { type WasmOptions, wasm } from '@resnet-ts/backend-wasm'
import { optimise, type Params, parameter, parameters, type Session, sizeOf, tensor } from '@resnet-ts/graph'
import { resnet50 } from '@resnet-ts/zoo'
import { type Watched, watchMainThread } from './mainThread.js'

declare global {
  /** What the tests ask a page for, one after the other. */
  var network: {
    /** Optimises and compiles it, and says what computes. */
    load(options: Pick<WasmOptions, 'threads'>): Promise<{ readonly device: string; readonly watched: Watched }>
    /** Classifies some images of 224×224. */
    run(): Promise<Watched>
    dispose(): Promise<void>
  }
}

const graph = resnet50()

/** As a checkpoint has them: views of one file. */
function fromFile(): Params {
  const specs = parameters(graph)
  const file = new Float32Array(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0))
  file.forEach((_, index) => {
    file[index] = 0.01 + 0.01 * Math.sin(index)
  })
  let end = 0
  return new Map(
    specs.map(({ key, shape }) => {
      const begin = end
      end += sizeOf(shape)
      return [key, parameter(shape, file.subarray(begin, end))]
    }),
  )
}

const params = fromFile()
const image = tensor([1, 224, 224, 3], new Float32Array(224 * 224 * 3).fill(0.5))
let session: Session | undefined

globalThis.network = {
  async load(options) {
    const watched = await watchMainThread(async () => {
      const network = optimise({ graph, params })
      session = await wasm(options).compile(network.graph, network.params)
    })
    return { device: session!.describe().device, watched }
  },
  run: () =>
    watchMainThread(async () => {
      for (let round = 0; round < 4; round++) await session!.run({ image })
    }),
  dispose: () => session!.dispose(),
}
