import { reference } from '@resnet-ts/backend-reference'
import { wasm } from '@resnet-ts/backend-wasm'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { goldenTensor } from '@resnet-ts/golden'
import { type Network, optimise, type Session, type Shape, ShapeError, type Tensor, tensor } from '@resnet-ts/graph'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareTensors } from './check.js'
import { bounds } from './golden/measure.js'
import { remembered } from './golden/remembered.js'
import { modelRun } from './golden/runs.js'

// One session takes every batch and every size of image, in any order: also odd sizes, sizes that differ, and images that are
// smaller than what a pixel of the last map sees.

/** Winograd's forms; blurs, which see each channel alone; gates of squeeze and excitation; groups, and gates of ECA. */
const models = ['resnet18', 'resnetblur18', 'seresnet18', 'ecaresnext26t_32x4d'] as const

const batches = [1, 2, 3, 8] as const
const sizes: readonly (readonly [height: number, width: number])[] = [
  [64, 64],
  [97, 131],
  [131, 97],
  [65, 63],
  [40, 200],
  [33, 17],
]
/** Too small for a blur at the end, which mirrors the map at its edges. */
const tiny: readonly (readonly [height: number, width: number])[] = [
  [7, 7],
  [1, 9],
  [1, 1],
]

const bound = bounds['as written']

function imagesOf([batch, height, width]: readonly [number, number, number]): Tensor {
  const shape: Shape = [batch, height, width, 3]
  return tensor(shape, goldenTensor(`images ${shape.join()}`, shape))
}

function imageAt({ shape: [, ...rest], data }: Tensor, index: number): Tensor {
  const size = rest.reduce((product, each) => product * each, 1)
  return tensor([1, ...rest], data.slice(index * size, (index + 1) * size))
}

describe.each(models)('%s', (model) => {
  let network: Network
  let session: Session
  beforeAll(async () => {
    network = optimise(remembered(modelRun(model), new Map()).network)
    session = await wasm({ threads: 2 }).compile(network.graph, network.params)
  })
  afterAll(() => session.dispose())

  test('images of every size in batches, as TensorFlow.js has them', async () => {
    const other = await tfjsWasm().compile(network.graph, network.params)
    for (const [index, size] of sizes.entries()) {
      const image = imagesOf([batches[index % batches.length], ...size])
      const [outputs, expected] = [await session.run({ image }), await other.run({ image })]
      expect(compareTensors(outputs, expected, bound), image.shape.join('×')).toEqual([])
    }
    await other.dispose()
  })

  test('images smaller than what a pixel sees, as the reference has them', async () => {
    const other = await reference().compile(network.graph, network.params)
    for (const size of [...tiny, [33, 17]] as const) {
      const image = imagesOf([2, ...size])
      if (model === 'resnetblur18' && size[0] < 33) {
        await expect(session.run({ image })).rejects.toThrow(ShapeError)
        continue
      }
      const [outputs, expected] = [await session.run({ image }), await other.run({ image })]
      expect(compareTensors(outputs, expected, bound), image.shape.join('×')).toEqual([])
    }
    await other.dispose()
  })

  test('an image of a batch has the logits that it has alone', async () => {
    const images = imagesOf([8, 65, 63])
    const alone: Tensor[] = []
    for (let index = 0; index < 8; index++) {
      alone.push((await session.run({ image: imageAt(images, index) })).logits)
    }
    for (const batch of batches) {
      const { logits } = await session.run({
        image: tensor([batch, 65, 63, 3], images.data.slice(0, batch * 65 * 63 * 3)),
      })
      for (let index = 0; index < batch; index++) {
        expect(compareTensors({ logits: imageAt(logits, index) }, { logits: alone[index] }, bound)).toEqual([])
      }
    }
  })

  test('a size that was before yields the same bits again, and memory does not grow', async () => {
    const images = batches.flatMap((batch) => [sizes[0], sizes[3]].map((size) => imagesOf([batch, ...size])))
    const first: Tensor[] = []
    for (const image of images) first.push((await session.run({ image })).logits)
    const { memoryBytes } = session.describe()
    for (const [index, image] of images.entries()) expect((await session.run({ image })).logits).toEqual(first[index])
    expect(session.describe().memoryBytes).toBe(memoryBytes)
  })
})
