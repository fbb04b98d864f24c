import { webgpu } from '@resnet-ts/backend-webgpu'
import { imageOf, network, paramsOf } from './network.js'

const graph = network()
const session = await webgpu({ imageSize: 32 }).compile(graph, paramsOf(graph))
const { probabilities } = await session.run({ image: imageOf(32) })
await session.dispose()
postMessage([...probabilities.data])
