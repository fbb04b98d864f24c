#!/usr/bin/env node
// What the backend costs beside onnxruntime itself: ResNet-50 run through a session, and by hand with the same ONNX file,
// in alternating rounds of one process.
//
//     node scripts/overhead.mjs [--rounds 30] [--threads N] [--batch 1]

import { parseArgs } from 'node:util'
import { onnxruntime } from '@resnet-ts/backend-node'
import { GraphBuilder, optimise, parameters, tensor } from '@resnet-ts/graph'
import { exportOnnx } from '@resnet-ts/onnx'
import * as ort from 'onnxruntime-node'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    threads: { type: 'string' },
    batch: { type: 'string', default: '1' },
  },
})
const rounds = Number(values.rounds)
const threads = values.threads === undefined ? undefined : Number(values.threads)
const shape = [Number(values.batch), 224, 224, 3]

const network = optimise(resnet50())
const file = exportOnnx(network, { layout: 'nhwc' })
const pixels = noise(shape.reduce((product, size) => product * size, 1))

const byHand = await ort.InferenceSession.create(file, {
  logSeverityLevel: 3,
  ...(threads !== undefined && { intraOpNumThreads: threads }),
})
const ours = await onnxruntime({ threads }).compile(network.graph, network.params)

/** Each yields the logits. */
const contestants = {
  async hand() {
    const { logits } = await byHand.run({ image: new ort.Tensor('float32', pixels, shape) })
    return logits.data
  },
  async ours() {
    const { logits } = await ours.run({ image: tensor(shape, pixels) })
    return logits.data
  },
}

const [expected, found] = [await contestants.hand(), await contestants.ours()]
if (!expected.every((value, index) => Object.is(value, found[index]))) throw new Error('the logits differ')

const times = { hand: [], ours: [] }
for (let round = -5; round < rounds; round++) {
  for (const name of round % 2 ? ['hand', 'ours'] : ['ours', 'hand']) {
    const started = performance.now()
    await contestants[name]()
    const elapsed = performance.now() - started
    // The first five rounds warm up.
    if (round >= 0) times[name].push(elapsed)
  }
}
await ours.dispose()
await byHand.release()

const [hand, mine] = [summary(times.hand), summary(times.ours)]
console.log(`${ours.describe().device}; ${rounds} rounds, batch ${shape[0]}`)
console.log(`by hand      ${describe(hand)}`)
console.log(`the backend  ${describe(mine)}`)
console.log(`ratio of the medians ${(mine.median / hand.median).toFixed(4)}`)

function summary(list) {
  const sorted = list.toSorted((left, right) => left - right)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { least: sorted[0], quarter: at(0.25), median: at(0.5), threeQuarters: at(0.75) }
}

function describe({ least, quarter, median, threeQuarters }) {
  const ms = (time) => `${time.toFixed(1)} ms`
  return `median ${ms(median)}, quartiles ${ms(quarter)} and ${ms(threeQuarters)}, least ${ms(least)}`
}

/** ResNet-50 (He et al. 2015, stride in the 3×3 convolutions), with weights that are noise. */
function resnet50() {
  const g = new GraphBuilder('resnet50')
  const norm = (x, name, channels, kernel, stride = 1) => {
    const padding = (kernel - 1) / 2
    const y = g.conv2d(x, { name: `${name}.conv`, channels, kernel, stride, padding })
    return g.batchNorm(y, { name: `${name}.bn` })
  }
  let x = g.relu(norm(g.input('image', { channels: 3 }), 'stem', 64, 7, 2))
  x = g.maxPool(x, { kernel: 3, stride: 2, padding: 1 })
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`
      const channels = 64 * 2 ** stage
      const stride = stage > 0 && block === 0 ? 2 : 1
      const shortcut = block === 0 ? norm(x, `${name}.downsample`, 4 * channels, 1, stride) : x
      const y = g.relu(norm(g.relu(norm(x, `${name}.1`, channels, 1)), `${name}.2`, channels, 3, stride))
      x = g.relu(g.add(norm(y, `${name}.3`, 4 * channels, 1), shortcut))
    }
  }
  g.output('logits', g.linear(g.globalPool(x), { name: 'fc', channels: 1000 }))
  const graph = g.build()
  const params = parameters(graph).map(({ key, shape: sides }) => {
    const size = sides.reduce((product, side) => product * side, 1)
    const scale = sides.length > 1 ? Math.sqrt((6 * sides[0]) / size) : 0.2
    const offset = /bn\.(weight|running_var)$/.test(key) ? 0.5 : 0
    return [key, { shape: sides, read: () => noise(size).map((value) => scale * value + offset) }]
  })
  return { graph, params: new Map(params) }
}

/** Numbers between −1 and 1 that are the same each time. */
function noise(size) {
  let state = 1
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}
