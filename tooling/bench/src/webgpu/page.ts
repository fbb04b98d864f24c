import { webgpu } from '@resnet-ts/backend-webgpu'
import { onlyInput, type Session, tensor } from '@resnet-ts/graph'
import { countGpu, type GpuCounts } from '@resnet-ts/testing/gpuCounts'
import { courseOf } from '../race/network.js'
import type { CountJob, NetworkCounts } from './job.js'

const counts = countGpu()

/** What is added to the counts while something is done. */
async function counted(work: () => Promise<unknown>): Promise<GpuCounts> {
  const before = { ...counts }
  await work()
  const entries = Object.entries(counts).map(([name, count]) => [name, count - before[name as keyof GpuCounts]])
  return Object.fromEntries(entries) as GpuCounts
}

async function count({ model, batch, size }: CountJob): Promise<NetworkCounts> {
  const { network, shape, images } = courseOf(model, batch, size)
  const { graph, params } = network
  const inputs = { [onlyInput(graph)]: tensor(shape, images.nhwc) }
  let session: Session | undefined
  const compile = await counted(async () => {
    session = await webgpu({ imageSize: size }).compile(graph, params)
  })
  const run = () => counted(async () => session?.run(inputs))
  const [firstRun, secondRun] = [await run(), await run()]
  const { device } = session!.describe()
  await session!.dispose()
  const computed = graph.nodes.filter(({ op }) => op !== 'input')
  const softmaxes = computed.filter(({ op }) => op === 'softmax').length
  return { model, batch, size, device, nodes: computed.length, softmaxes, compile, firstRun, secondRun }
}

Object.assign(globalThis, { count })
