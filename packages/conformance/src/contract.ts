import { reference } from '@resnet-ts/backend-reference'
import { basicBlock, cifarStem } from '@resnet-ts/blocks'
import {
  type Backend,
  BackendError,
  GraphError,
  optimise,
  type Parameter,
  ParameterError,
  type Params,
  type Session,
  type Shape,
  ShapeError,
  tensor,
} from '@resnet-ts/graph'
import { resnet } from '@resnet-ts/zoo'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { caseTolerance, inputsFor, paramsOf, type Tensors, withGoldenParams } from './case.js'
import { compareTensors, runOnce } from './check.js'

/** Defines the tests of what a backend and its sessions promise beside the right numbers. */
export function describeContract(backendName: string, makeBackend: () => Backend | Promise<Backend>): void {
  describe(`${backendName} keeps the contract`, () => {
    let backend: Backend
    const sessions: Session[] = []
    const compile = async (params: Params = smallParams()): Promise<Session> => {
      const session = await backend.compile(small.graph, params)
      sessions.push(session)
      return session
    }
    beforeAll(async () => {
      backend = await makeBackend()
    })
    afterEach(async () => {
      await Promise.all(sessions.splice(0).map((session) => session.dispose()))
    })

    describe('of itself', () => {
      test('it is available', async () => {
        expect(await backend.isAvailable()).toMatchObject({ available: true })
      })

      test('what it says will compute does', async () => {
        const { device } = (await compile()).describe()
        const availability = await backend.isAvailable()
        expect([device, undefined]).toContain(availability.available ? availability.device : availability.reason)
      })

      test('a session describes itself', async () => {
        const { backend: name, device, notes } = (await compile()).describe()
        expect(name).toBe(backend.name)
        expect(device).toMatch(/\w/)
        for (const note of notes) expect(note).toMatch(/\w/)
      })
    })

    describe('of compile', () => {
      test('each parameter is read once', async () => {
        const { params, reads, once } = counted(smallParams())
        await expectRight(await compile(params), images([1, 8, 8, 3]))
        expect(reads()).toEqual(once)
      })

      test('each parameter is read once, where passes compute others from it', async () => {
        const { params, reads, once } = counted(smallParams())
        const network = optimise({ graph: small.graph, params })
        expect(reads()).toEqual({})
        const session = await backend.compile(network.graph, network.params)
        sessions.push(session)
        await expectRight(session, images([1, 8, 8, 3]))
        expect(reads()).toEqual(once)
      })

      test("the caller's parameters are not needed afterwards", async () => {
        const params = new Map(smallParams())
        const session = await compile(params)
        for (const { read } of params.values()) read().fill(Number.NaN)
        params.clear()
        await expectRight(session, images([1, 8, 8, 3]))
      })

      test('parameters nobody asked for are no matter', async () => {
        const params = new Map(smallParams()).set('bn1.num_batches_tracked', {
          shape: [],
          read: () => Float32Array.of(7),
        })
        await expectRight(await compile(params), images([1, 8, 8, 3]))
      })

      test('a missing parameter is a ParameterError that names it', async () => {
        const params = new Map(smallParams())
        params.delete('layer2.0.bn1.running_var')
        const error = await failure(compile(params))
        expect(error).toBeInstanceOf(ParameterError)
        expect(String(error)).toContain('layer2.0.bn1.running_var')
      })

      test('a misshapen parameter is a ParameterError that names it', async () => {
        const params = new Map(smallParams()).set('fc.weight', { shape: [16, 6], read: () => new Float32Array(96) })
        const error = await failure(compile(params))
        expect(error).toBeInstanceOf(ParameterError)
        expect(String(error)).toContain('fc.weight')
      })

      test('a graph that is not whole is a GraphError', async () => {
        const broken = { ...small.graph, nodes: small.graph.nodes.filter((node) => node.name !== 'bn1') }
        expect(await failure(backend.compile(broken, smallParams()))).toBeInstanceOf(GraphError)
      })
    })

    describe('of run', () => {
      const wrong: readonly (readonly [name: string, inputs: Tensors])[] = [
        ['no input', {}],
        ['an input of another name', { picture: images([1, 8, 8, 3]).image }],
        ['an input too many', { ...images([1, 8, 8, 3]), mask: tensor([1, 8, 8, 1], new Float32Array(64)) }],
        ['the channels first', { image: tensor([1, 3, 8, 8], new Float32Array(192)) }],
        ['an image without a batch', { image: tensor([8, 8, 3], new Float32Array(192)) }],
        ['no images at all', { image: tensor([0, 8, 8, 3], new Float32Array(0)) }],
        [
          'fewer elements than its shape has',
          { image: { dtype: 'float32', shape: [1, 8, 8, 3], data: new Float32Array(191) } },
        ],
      ]
      test.for(wrong)('%s: a ShapeError, and the session is none the worse', async ([, inputs]) => {
        const session = await compile()
        expect(await failure(session.run(inputs))).toBeInstanceOf(ShapeError)
        await expectRight(session, images([1, 8, 8, 3]))
      })

      test('one session takes every size and batch, in any order', async () => {
        const session = await compile()
        for (const shape of [
          [1, 8, 8, 3],
          [2, 13, 9, 3],
          [5, 1, 1, 3],
          [1, 8, 8, 3],
        ]) {
          await expectRight(session, images(shape))
        }
      })

      test('runs side by side on one session do not disturb each other', async () => {
        const session = await compile()
        const shapes = [
          [1, 8, 8, 3],
          [2, 9, 7, 3],
          [1, 8, 8, 3],
          [3, 4, 6, 3],
        ]
        await Promise.all(shapes.map((shape, index) => expectRight(session, images(shape, index))))
      })

      test('sessions side by side do not disturb each other', async () => {
        const [first, second] = await Promise.all([compile(), compile()])
        await Promise.all([
          expectRight(first, images([2, 8, 8, 3])),
          expectRight(second, images([1, 7, 9, 3])),
          expectRight(first, images([1, 5, 5, 3])),
        ])
        await first.dispose()
        await expectRight(second, images([2, 8, 8, 3]))
      })

      test('inputs are left as they were', async () => {
        const inputs = images([1, 8, 8, 3])
        const before = inputs.image.data.slice()
        await (await compile()).run(inputs)
        expect(inputs.image.data).toEqual(before)
      })

      test("outputs are the caller's own", async () => {
        const session = await compile()
        const first = await session.run(images([1, 8, 8, 3]))
        const logits = first.logits.data.slice()
        await session.run(images([1, 8, 8, 3], 1))
        expect(first.logits.data).toEqual(logits)
        first.logits.data.fill(Number.NaN)
        first.embedding.data.fill(Number.NaN)
        await expectRight(session, images([1, 8, 8, 3]))
      })

      test('an aborted signal ends it with its reason, and the session is none the worse', async () => {
        const session = await compile()
        const reason = new Error('changed my mind')
        const signal = AbortSignal.abort(reason)
        expect(await failure(session.run(images([1, 8, 8, 3]), { signal }))).toBe(reason)
        await expectRight(session, images([1, 8, 8, 3]))
      })

      test('a signal that is never aborted is no matter', async () => {
        const { signal } = new AbortController()
        const inputs = images([1, 8, 8, 3])
        const outputs = await (await compile()).run(inputs, { signal })
        expect(compareTensors(outputs, await expected(inputs), caseTolerance)).toEqual([])
      })
    })

    describe('of dispose', () => {
      test('a run afterwards is a BackendError', async () => {
        const session = await compile()
        await session.dispose()
        expect(await failure(session.run(images([1, 8, 8, 3])))).toBeInstanceOf(BackendError)
      })

      test('twice is harmless, also at once', async () => {
        const session = await compile()
        await Promise.all([session.dispose(), session.dispose()])
        await session.dispose()
      })

      test('runs under way end as they should', async () => {
        const session = await compile()
        const running = expectRight(session, images([2, 16, 16, 3]))
        await session.dispose()
        await running
      })
    })
  })
}

/** A network with two outputs, `logits` and `embedding`, of an `image`. */
const small = withGoldenParams(
  resnet({ name: 'small', block: basicBlock, blocks: [1, 1], channels: 8, stem: cifarStem, numClasses: 6 }),
)

/** Its parameters, in memory of their own. */
function smallParams(): Params {
  const copies = Object.entries(small.params).map(
    ([key, { shape, data }]) => [key, tensor(shape, data.slice())] as const,
  )
  return paramsOf({ ...small, params: Object.fromEntries(copies) })
}

/** Parameters that count how often each is read, and what they should count. */
function counted(originals: Params) {
  const counts = new Map<string, number>()
  const count = (key: string, { shape, read }: Parameter): Parameter => ({
    shape,
    read() {
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return read()
    },
  })
  return {
    params: new Map([...originals].map(([key, original]) => [key, count(key, original)])),
    reads: () => Object.fromEntries(counts),
    once: Object.fromEntries([...originals.keys()].map((key) => [key, 1])),
  }
}

/** Images of a shape; another `variant`, other images. */
function images(shape: Shape, variant = 0): Tensors {
  const { image } = inputsFor(small.graph, [shape])
  return {
    image: tensor(
      shape,
      image.data.map((value) => value * 0.5 ** variant),
    ),
  }
}

function expected(inputs: Tensors): Promise<Tensors> {
  return runOnce(reference(), { graph: small.graph, params: paramsOf(small) }, inputs)
}

async function expectRight(session: Session, inputs: Tensors): Promise<void> {
  // The run comes first, so that it is under way when the caller goes on.
  const running = session.run(inputs)
  const [outputs, right] = await Promise.all([running, expected(inputs)])
  expect(compareTensors(outputs, right, caseTolerance)).toEqual([])
}

/** What a promise fails with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it should have failed')
}
