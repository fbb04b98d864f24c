import {
  type Graph,
  inferShapes,
  inputsOf,
  type Node,
  type NodeTime,
  parameters,
  type Shape,
  type Shapes,
  sizeOf,
} from '@resnet-ts/graph'
import { alignUp } from '../plan/arena.js'
import { chooseForms } from '../plan/forms.js'
import type { PlannedOp } from '../plan/layout.js'
import { type Plan, planFor, type Slot } from '../plan/plan.js'
import type { Prepared } from '../plan/site.js'
import { type Step, stepsOf } from '../plan/steps.js'
import { instantiate, type Kernels } from './kernels.js'
import { fixed, Memory, ownMemory, type Region } from './memory.js'
import { type NodeParcel, type Packing, packConstants, packingOpsBytes, packingScratch, packNode } from './packing.js'
import { placeWeights, stagingBytes, weighedBy } from './weights.js'

/** What an engine is made from. */
export interface Settings {
  readonly module: WebAssembly.Module
  /** Shared, if there are several threads; without it, the engine makes memory of its own. */
  readonly memory?: WebAssembly.Memory | undefined
  /** Lowered. */
  readonly graph: Graph
  readonly threads: number
  /** What the packed weights may take, as a multiple of what they take as they are. */
  readonly weightFactor: number
  /** The height and width of image that the forms of convolutions are chosen for. */
  readonly imageSize: number
  readonly profile: boolean
}

/** A tensor as it goes from thread to thread. */
export interface PlainTensor {
  readonly shape: Shape
  readonly data: Float32Array
}

export interface Result {
  /** In the order of the graph's outputs. */
  readonly outputs: readonly PlainTensor[]
  readonly profile: readonly NodeTime[] | undefined
}

/** What the threads call `run` with. */
interface Job {
  /** The list of the ops' addresses. */
  readonly plan: number
  /** How many there are. */
  readonly last: number
  readonly scratch: number
  /** Of each thread. */
  readonly scratchBytes: number
  readonly times: number
}

/** Plans kept, of the batches and sizes last used. */
const mostPlans = 8

/** The network in WebAssembly memory: packs its weights, plans each size once, and walks the plans. */
export class Engine {
  readonly #settings: Settings
  readonly #memory: Memory
  readonly #kernels: Kernels
  readonly #prepared: Prepared
  readonly #packing: Packing
  /** Where the memory of an inference begins: arena, scratch, plan. */
  readonly #base: number
  readonly #plans = new Map<string, Plan>()
  /** Whose ops are the job. */
  #loaded: Plan | undefined
  #job: Job | undefined

  private constructor(settings: Settings, memory: Memory, kernels: Kernels) {
    const { graph, threads } = settings
    const steps = stepsOf(graph)
    const weighed = weighedBy(chooseForms(steps, nominalShapes(settings), limitOf(settings)))
    const { placements, zeros, end } = placeWeights(steps, weighed, alignUp(kernels.heapBase()))
    this.#settings = settings
    this.#memory = memory
    this.#kernels = kernels
    this.#base = end
    this.#prepared = { graph, steps, placements, weighed, zeros, threads, tileRows: kernels.tileRows() }
    this.#packing = { memory, weighed, placements }
  }

  /**
   * Makes room for the weights.
   *
   * @param packedIn - another memory where they are, packed by an engine of the same settings; they are copied then
   * @throws {BackendError} when there is not enough memory
   */
  static async create(settings: Settings, packedIn?: WebAssembly.Memory): Promise<Engine> {
    const raw = settings.memory ?? ownMemory()
    const memory = new Memory(raw)
    const engine = new Engine(settings, memory, await instantiate(settings.module, raw))
    const { address } = engine.staging
    memory.reserve(engine.#packingOps + packingOpsBytes(engine.#prepared.steps))
    if (packedIn) {
      const begin = engine.#kernels.heapBase()
      const bytesOf = ({ buffer }: WebAssembly.Memory) => new Uint8Array(buffer, begin, address - begin)
      bytesOf(raw).set(bytesOf(packedIn))
    } else packConstants(engine.#prepared.steps, engine.#packing)
    return engine
  }

  /** Bytes of WebAssembly memory. */
  get memoryBytes(): number {
    return this.#memory.bytes
  }

  /** Where parameters lie before they are packed. */
  get staging(): Region {
    return { address: this.#base, bytes: stagingBytes(this.#prepared.steps) }
  }

  get memory(): Memory {
    return this.#memory
  }

  /** Where the ops that pack lie: after what they pack, and scratch of each thread. */
  get #packingOps(): number {
    const { address, bytes } = this.staging
    return alignUp(address + bytes) + packingScratch * this.#settings.threads
  }

  #node(name: string): Node {
    return (this.#prepared.steps.find(({ node }) => node.name === name) as Step).node
  }

  /**
   * Packs parameters that lie where `staging` says, together with the other threads if there are any: those of a
   * convolution's filters once `compute` is called.
   *
   * @returns how many ops there are
   */
  beginPacking(parcel: readonly NodeParcel[]): number {
    const ops = parcel.flatMap(({ node, values }) => packNode(this.#node(node), values, this.#packing) ?? [])
    const { list } = this.#write(ops, this.#packingOps)
    const scratch = this.#packingOps - packingScratch * this.#settings.threads
    this.#job = { plan: list, last: ops.length, scratch, scratchBytes: packingScratch, times: 0 }
    return ops.length
  }

  /** Packs parameters that lie anywhere, one node after the other. */
  pack(parcel: readonly NodeParcel[]): void {
    for (const { node, values } of parcel) {
      let from = this.#base
      const staged = Object.entries(values).map(([name, given]) => {
        const room = this.#memory.floats(from, given.length)
        room.set(given)
        from += given.length * 4
        return [name, room] as const
      })
      this.compute(0, this.beginPacking([{ node, values: Object.fromEntries(staged) }]))
    }
  }

  /**
   * Writes the inputs, in the order of the graph's, and the plan for their shapes.
   *
   * @returns how many ops there are
   * @throws {ShapeError} when the network cannot take them
   * @throws {BackendError} when there is not enough memory
   */
  begin(inputs: readonly PlainTensor[]): number {
    const plan = this.#planFor(inputs.map(({ shape }) => shape))
    if (this.#loaded !== plan) this.#load(plan)
    for (const [index, slot] of plan.inputs.entries()) this.#values(slot).set(inputs[index].data)
    return plan.ops.length
  }

  get job(): Job {
    return this.#job!
  }

  /** Computes some of the ops, together with the other threads if there are any. Tells whether the run goes on. */
  compute(first: number, last: number): boolean {
    const { plan, scratch, times } = this.#job!
    return this.#kernels.run(plan, first, last, fixed.team, 0, this.#settings.threads, scratch, times) !== 0
  }

  /** Copies of the outputs, and the times. */
  end(): Result {
    const outputs = this.#loaded!.outputs.map((slot) => ({ shape: slot.shape, data: this.#values(slot).slice() }))
    return { outputs, profile: this.#settings.profile ? this.#times() : undefined }
  }

  /** After a run that did not come to its end: the plan is to be written anew. */
  forgetPlan(): void {
    this.#loaded = undefined
  }

  #values({ address, shape }: Slot): Float32Array {
    return this.#memory.floats(address, sizeOf(shape))
  }

  /** The plan for inputs of these shapes, in the order of the graph's: made once, and kept while it is among the last used. */
  #planFor(inputShapes: readonly Shape[]): Plan {
    const key = inputShapes.map((shape) => shape.join()).join(' ')
    const plan = this.#plans.get(key) ?? this.#makePlan(inputShapes)
    this.#plans.delete(key)
    this.#plans.set(key, plan)
    for (const oldest of [...this.#plans.keys()].slice(0, -mostPlans)) this.#plans.delete(oldest)
    return plan
  }

  #makePlan(inputShapes: readonly Shape[]): Plan {
    const { graph } = this.#settings
    const shapes = Object.fromEntries(inputsOf(graph).map(({ name }, index) => [name, inputShapes[index]]))
    return planFor(this.#prepared, inferShapes(graph, shapes), this.#base)
  }

  /** Writes a plan, and makes room for the times of its ops. */
  #load(plan: Plan): void {
    const { ops, scratchBytes } = plan
    const scratch = this.#base + alignUp(plan.arenaBytes)
    const { list, end } = this.#write(ops, scratch + scratchBytes * this.#settings.threads, (ops.length + 1) * 8)
    const times = this.#settings.profile ? end : 0
    this.#job = { plan: list, last: ops.length, scratch, scratchBytes, times }
    this.#loaded = plan
  }

  /**
   * Writes a list of the addresses of ops, and the ops, and makes sure of some bytes after them.
   *
   * @throws {BackendError} when there is not enough memory
   */
  #write(ops: readonly PlannedOp[], list: number, more = 0): { readonly list: number; readonly end: number } {
    let end = alignUp(list + ops.length * 4)
    const addresses = ops.map(({ words }) => {
      const address = end
      end += alignUp(words.length * 4)
      return address
    })
    this.#memory.reserve(end + more)
    this.#memory.words(list, ops.length).set(addresses)
    for (const [index, { words }] of ops.entries()) this.#memory.words(addresses[index], words.length).set(words)
    return { list, end }
  }

  #times(): readonly NodeTime[] {
    const { ops } = this.#loaded!
    const marks = this.#memory.doubles(this.#job!.times, ops.length + 1)
    const spent = new Map<string, { kernel: string; milliseconds: number }>()
    ops.forEach(({ node, kernel }, index) => {
      const before = spent.get(node)?.milliseconds ?? 0
      spent.set(node, { kernel, milliseconds: before + marks[index + 1] - marks[index] })
    })
    return [...spent].map(([node, rest]) => ({ node, ...rest }))
  }
}

/** Shapes for the nominal size, or for a larger one where the network cannot take that; none if it can take neither. */
function nominalShapes({ graph, imageSize }: Settings): Shapes | undefined {
  for (const size of [imageSize, 4 * imageSize]) {
    const shapes = inputsOf(graph).map(({ name, attributes: { rank, channels } }) => {
      return [name, rank === 4 ? [1, size, size, channels] : [1, channels]] as const
    })
    try {
      return inferShapes(graph, Object.fromEntries(shapes))
    } catch {
      // Then the next; the caller's own sizes are checked when they come.
    }
  }
  return undefined
}

/** Bytes that the packed weights may take. */
function limitOf({ graph, weightFactor }: Settings): number {
  const values = parameters(graph).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  return values * 4 * weightFactor
}
