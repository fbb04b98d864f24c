import { webgpu } from '@resnet-ts/backend-webgpu'
import { GraphBuilder, ResnetError, type Session, type Tensor } from '@resnet-ts/graph'
import type { Outcome, PageBackend, SentNetwork, SentTensor } from './messages.js'

const sessions: Session[] = []
/** The memory of every output so far, which no other may have. */
const given = new WeakSet<ArrayBufferLike>()
// Most cases are small; another size takes no more than a look.
const backend = webgpu({ imageSize: 16 })

async function compile({ graph, params, url }: SentNetwork): Promise<number> {
  const all = new Float32Array(await (await fetch(url)).arrayBuffer())
  const values = new Map<string, Float32Array>()
  let start = 0
  for (const [key, , count] of params) {
    values.set(key, all.subarray(start, start + count))
    start += count
  }
  const read = new Set<string>()
  const session = await backend.compile(
    graph,
    new Map(
      params.map(([key, shape]) => [
        key,
        {
          shape,
          read() {
            if (read.has(key)) throw new Error(`'${key}' was read twice`)
            read.add(key)
            return values.get(key) as Float32Array
          },
        },
      ]),
    ),
  )
  // They are not needed any more.
  all.fill(Number.NaN)
  return sessions.push(session) - 1
}

async function run(session: number, inputs: Readonly<Record<string, Tensor>>) {
  const before = Object.values(inputs).map(({ data }) => data.slice())
  const outputs = await sessions[session].run(inputs)
  if (Object.values(inputs).some(({ data }, index) => data.some((value, at) => !Object.is(value, before[index][at])))) {
    throw new Error('an input was written to')
  }
  for (const { data } of Object.values(outputs)) {
    if (given.has(data.buffer)) throw new Error('two outputs share memory')
    given.add(data.buffer)
  }
  return outputs
}

async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof ResnetError) {
      const { subject, expected, found, advice } = error.details
      const details = { subject, expected, found, ...(advice !== undefined && { advice }) }
      return { error: { name: error.name, message: error.message, details } }
    }
    const { name, message } = error as Error
    return { error: { name, message } }
  }
}

function decode({ shape, data }: SentTensor): Tensor {
  const text = atob(data)
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  // Not checked: that the backend shall do.
  return { dtype: 'float32', shape, data: new Float32Array(bytes.buffer) }
}

function encode({ shape, data }: Tensor): SentTensor {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return { shape, data: btoa(text) }
}

/** A session of next to nothing: as long as there is one, the device stays, and with it the shaders that are compiled. */
function keepDevice(): Promise<Session> {
  const g = new GraphBuilder('nothing')
  g.output('x', g.input('x', { channels: 1, rank: 2 }))
  return backend.compile(g.build(), new Map())
}

const page: PageBackend = {
  isAvailable: () => backend.isAvailable(),
  compile: (network) => outcomeOf(() => compile(network)),
  run: (session, inputs) =>
    outcomeOf(async () => {
      const decoded = inputs.map(([name, sent]) => [name, decode(sent)] as const)
      const outputs = await run(session, Object.fromEntries(decoded))
      return Object.entries(outputs).map(([name, output]) => [name, encode(output)] as const)
    }),
  describe: (session) => sessions[session].describe(),
  dispose: (session) =>
    outcomeOf(async () => {
      await sessions[session].dispose()
      return null
    }),
}

await keepDevice()
Object.assign(globalThis, { page })
