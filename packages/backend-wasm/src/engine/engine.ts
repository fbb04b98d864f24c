import {
  type Graph,
  inferShapes,
  inputsOf,
  type NodeTime,
  parameters,
  type Shape,
  type Shapes,
  sizeOf,
} from '@resnet-ts/graph'
import { alignUp } from '../plan/arena.js'
import { chooseForms } from '../plan/forms.js'
import { type Plan, planFor, type Slot } from '../plan/plan.js'
import type { Prepared } from '../plan/site.js'
import { type Step, stepsOf } from '../plan/steps.js'
import { instantiate, type Kernels } from './kernels.js'
import { fixed, Memory, ownMemory, type Region } from './memory.js'
import {
  type NodeValues,
  type Packing,
  packConstants,
  packNode,
  placeWeights,
  stagingBytes,
  weighedBy,
} from './weights.js'

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
  #loaded: { readonly plan: Plan; readonly scratch: number; readonly list: number; readonly times: number } | undefined

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
    this.#packing = { memory, kernels, weighed, placements, staging: end }
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
    const { address, bytes } = engine.staging
    memory.reserve(address + bytes)
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

  /**
   * Packs the parameters of one node; they are not needed afterwards.
   *
   * @param staged - whether they lie in the engine's own memory, where `staging` says
   */
  pack(name: string, values: NodeValues, staged: boolean): void {
    const { node } = this.#prepared.steps.find((step) => step.node.name === name) as Step
    packNode(node, values, staged, this.#packing)
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
    if (this.#loaded?.plan !== plan) this.#load(plan)
    for (const [index, slot] of plan.inputs.entries()) this.#values(slot).set(inputs[index].data)
    return plan.ops.length
  }

  /** What the threads of a job call `run` with. */
  get job() {
    const { plan, scratch, list } = this.#loaded!
    return { plan: list, last: plan.ops.length, scratch, scratchBytes: plan.scratchBytes }
  }

  /** Computes some of the ops, together with the other threads if there are any. Tells whether the run goes on. */
  compute(first: number, last: number): boolean {
    const { list, scratch, times } = this.#loaded!
    return this.#kernels.run(list, first, last, fixed.team, 0, this.#settings.threads, scratch, times) !== 0
  }

  /** Copies of the outputs, and the times. */
  end(): Result {
    const { plan } = this.#loaded!
    const outputs = plan.outputs.map((slot) => ({ shape: slot.shape, data: this.#values(slot).slice() }))
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

  /** Writes a plan: the list of its ops' addresses, the ops, and room for their times. */
  #load(plan: Plan): void {
    const scratch = this.#base + alignUp(plan.arenaBytes)
    const list = scratch + plan.scratchBytes * this.#settings.threads
    const count = plan.ops.length
    let end = alignUp(list + count * 4)
    const addresses = plan.ops.map(({ words }) => {
      const address = end
      end += alignUp(words.length * 4)
      return address
    })
    this.#memory.reserve(end + (count + 1) * 8)
    this.#memory.words(list, count).set(addresses)
    for (const [index, { words }] of plan.ops.entries()) this.#memory.words(addresses[index], words.length).set(words)
    this.#loaded = { plan, scratch, list, times: this.#settings.profile ? end : 0 }
  }

  #times(): readonly NodeTime[] {
    const { plan, times } = this.#loaded!
    const marks = this.#memory.doubles(times, plan.ops.length + 1)
    const spent = new Map<string, { kernel: string; milliseconds: number }>()
    plan.ops.forEach(({ node, kernel }, index) => {
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
