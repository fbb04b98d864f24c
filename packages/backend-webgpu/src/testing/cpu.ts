import '@tensorflow/tfjs-backend-cpu'
import { tfjs } from '@resnet-ts/backend-tfjs'
import type { Tensor } from '@resnet-ts/graph'
import { env } from '@tensorflow/tfjs-core'
import { imageOf, network, paramsOf } from './page/network.js'

/** What the network's outputs are, computed in plain JavaScript by tfjs. */
export async function outputsOnCpu(): Promise<Record<string, Tensor>> {
  // Otherwise tfjs recommends its package for Node on the console.
  env().set('IS_TEST', true)
  const session = await tfjs({ backendName: 'cpu' }).compile(network(), paramsOf(network()))
  const outputs = await session.run({ image: imageOf(32) })
  await session.dispose()
  return outputs
}
