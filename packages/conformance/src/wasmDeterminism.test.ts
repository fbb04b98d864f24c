import { wasm } from '@resnet-ts/backend-wasm'
import { optimise, type Session, type Tensor, tensor } from '@resnet-ts/graph'
import { expect, test } from 'vitest'
import { engineWays } from './golden/engines.js'
import { remembered } from './golden/remembered.js'
import { modelRun } from './golden/runs.js'

// An output is the same to the bit, from run to run, from session to session, and on however many threads.

/** Winograd's and Strassen's forms among them, groups, blurs, gates; where there is time, group norms and larger ones too. */
const models = [
  ...(['resnet18', 'resnet26', 'resnetblur18', 'ecaresnext26t_32x4d'] as const),
  ...(process.env.RESNET_TS_LONG ? (['resnet50', 'resnext50_32x4d', 'resnet50_gn'] as const) : []),
]

const ways = await engineWays()
/** Of the last kind of SIMD, which sessions without options take. */
const { backend: twoThreads } = ways[ways.length - 1]
const { backend: oneThread } = ways[ways.length - 2]

function bytesOf({ data }: Tensor): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

test.each(models)('%s', async (model) => {
  const run = remembered(modelRun(model), new Map())
  const { graph, params } = optimise(run.network)
  const { image } = run
  // More threads than cores change the order in which they take what there is to do.
  const backends = [wasm({ worker: false }), oneThread, twoThreads, twoThreads, wasm({ threads: 3 })]
  const sessions: Session[] = []
  for (const backend of backends) sessions.push(await backend.compile(graph, params))
  const infer = async (session: Session, input: Tensor) => bytesOf((await session.run({ image: input })).logits)
  const expected = await infer(sessions[0], image)
  expect(new Set(expected).size).toBeGreaterThan(10)
  const other = tensor([2, 37, 45, 3], new Float32Array(2 * 37 * 45 * 3).fill(1))
  for (const session of sessions) {
    for (let round = 0; round < 2; round++) expect(expected.equals(await infer(session, image))).toBe(true)
    // What another plan leaves behind in memory is no matter.
    await session.run({ image: other })
    expect(expected.equals(await infer(session, image))).toBe(true)
  }
  await Promise.all(sessions.map((session) => session.dispose()))
})
