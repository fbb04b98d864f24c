import { BackendError } from '@resnet-ts/graph'
import { reasonOf } from './reason.js'

/**
 * The parts of tfjs that are used. They are named one by one, so that bundlers leave the rest out, and imported when
 * a backend is first asked for anything, so that the package can be imported, and bundled, where tfjs is missing.
 *
 * @throws {BackendError} when it is not installed
 */
export async function importTfjs(name: string) {
  try {
    const {
      add,
      avgPool,
      batchNorm,
      concat,
      depthwiseConv2d,
      conv2d,
      engine,
      findBackend,
      findBackendFactory,
      fused,
      gather,
      getBackend,
      KernelBackend,
      keep,
      leakyRelu,
      max,
      maxPool,
      mean,
      mul,
      pad,
      ready,
      registerBackend,
      relu,
      relu6,
      removeBackend,
      reshape,
      rsqrt,
      setBackend,
      sigmoid,
      slice,
      softmax,
      square,
      sub,
      tensor,
      tidy,
    } = await import('@tensorflow/tfjs-core')
    return {
      add,
      avgPool,
      batchNorm,
      concat,
      depthwiseConv2d,
      conv2d,
      engine,
      findBackend,
      findBackendFactory,
      fused,
      gather,
      getBackend,
      KernelBackend,
      keep,
      leakyRelu,
      max,
      maxPool,
      mean,
      mul,
      pad,
      ready,
      registerBackend,
      relu,
      relu6,
      removeBackend,
      reshape,
      rsqrt,
      setBackend,
      sigmoid,
      slice,
      softmax,
      square,
      sub,
      tensor,
      tidy,
    }
  } catch (cause) {
    throw new BackendError({
      subject: `backend '${name}'`,
      expected: "the package '@tensorflow/tfjs-core'",
      found: reasonOf(cause),
      advice: 'run: npm install @tensorflow/tfjs-core',
      cause,
    })
  }
}

/** What is used of tfjs. */
export type TfjsCore = Awaited<ReturnType<typeof importTfjs>>
