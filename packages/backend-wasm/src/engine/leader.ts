import { ResnetError } from '@resnet-ts/graph'
import { Engine } from './engine.js'
import { fixed } from './memory.js'
import type { Reply, Request } from './messages.js'
import { pause, Stretch } from './pause.js'
import type { NodeValues } from './weights.js'

type Of<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>

/** Answers requests: what runs on the thread that leads, and in place where there is no thread to be had. */
export class Leader {
  #engine: Engine | undefined
  #threads = 1
  #isCancelled = false

  async answer(request: Exclude<Request, { kind: 'cancel' }>): Promise<Reply> {
    try {
      switch (request.kind) {
        case 'prepare':
          return await this.#prepare(request)
        case 'pack':
          return this.#pack(this.#engine!, request)
        case 'run':
          return await this.#run(this.#engine!, request)
        default:
          return request satisfies never
      }
    } catch (error) {
      return failure(error, false)
    }
  }

  /** Ends the run under way, if memory is not shared; if it is, who cancels writes there. */
  cancel(): void {
    this.#isCancelled = true
  }

  async #prepare({ settings, packedIn }: Of<'prepare'>): Promise<Reply> {
    this.#threads = settings.threads
    const engine = await Engine.create(settings, packedIn)
    this.#engine = engine
    return { kind: 'prepared', memoryBytes: engine.memoryBytes, staging: engine.staging }
  }

  #pack(engine: Engine, { nodes, staged }: Of<'pack'>): Reply {
    if (!staged) {
      engine.pack(nodes)
      return { kind: 'packed', parcel: parcelOf(nodes[0].values) }
    }
    const count = engine.beginPacking(nodes)
    if (this.#threads > 1) callHelpers(engine)
    engine.compute(0, count)
    return { kind: 'packed', parcel: undefined }
  }

  async #run(engine: Engine, { inputs, pausing }: Of<'run'>): Promise<Reply> {
    this.#isCancelled = false
    const count = engine.begin(inputs)
    try {
      if (this.#threads > 1) callHelpers(engine)
      const ended = pausing ? await this.#computePausing(engine, count) : engine.compute(0, count)
      if (!ended) return { kind: 'cancelled' }
    } catch (error) {
      engine.forgetPlan()
      return failure(error, this.#threads > 1)
    }
    return { kind: 'result', memoryBytes: engine.memoryBytes, inputs, ...engine.end() }
  }

  async #computePausing(engine: Engine, count: number): Promise<boolean> {
    const stretch = new Stretch()
    for (let op = 0; op < count; op++) {
      if (stretch.isLong) {
        await pause()
        stretch.begin()
      }
      if (this.#isCancelled || !engine.compute(op, op + 1)) return false
    }
    return true
  }
}

function callHelpers({ job, memory }: Engine): void {
  const words = memory.words(fixed.job, 5)
  words.set([job.plan, job.last, job.scratch, job.scratchBytes], 1)
  Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
}

/** The memory that the values lie in, and all that came with them. */
function parcelOf(values: NodeValues): ArrayBuffer | undefined {
  return Object.values(values)[0]?.buffer as ArrayBuffer | undefined
}

/** @param isBroken - whether it failed in the midst of a run that others take part in */
export function failure(error: unknown, isBroken: boolean): Reply {
  if (error instanceof ResnetError) {
    const { expected, found, advice } = error.details
    return { kind: 'failed', expected, reason: found, advice, isBroken }
  }
  const reason = error instanceof Error ? error.message : String(error)
  return { kind: 'failed', reason: reason.trim().replace(/\s+/g, ' ').replace(/\.+$/, ''), isBroken }
}
