import type { Node, Params } from '@resnet-ts/graph'
import type { Settings } from '../engine/engine.js'
import { Leader } from '../engine/leader.js'
import { Memory } from '../engine/memory.js'
import type { Reply } from '../engine/messages.js'
import { Stretch } from '../engine/pause.js'
import { stage, valuesOf } from './stage.js'
import { type Answer, checked, type Question, type Team } from './team.js'

/** Computes on the thread that asks. It lets others have their turn now and then. */
export class TeamInPlace implements Team {
  readonly hasEnded = false
  #leader: Leader | undefined
  #memory: Memory | undefined
  /** Where parameters wait to be packed. */
  readonly #staging: number
  readonly #stretch = new Stretch()

  private constructor(leader: Leader, memory: Memory, staging: number) {
    this.#leader = leader
    this.#memory = memory
    this.#staging = staging
  }

  /**
   * @param settings - their memory is of this team alone
   * @throws {BackendError} when there is not enough memory
   */
  static async start(settings: Settings & { readonly memory: WebAssembly.Memory }): Promise<TeamInPlace> {
    const leader = new Leader()
    const question = { kind: 'prepare', settings, packedIn: undefined } as const
    const { staging } = checked(await leader.answer(question), question, ['prepared'])
    return new TeamInPlace(leader, new Memory(settings.memory), staging.address)
  }

  get memoryBytes(): number {
    return this.#memory?.bytes ?? 0
  }

  async ask<Kind extends Reply['kind']>(question: Question, kinds: readonly Kind[]): Promise<Answer<Kind>> {
    const asked = question.kind === 'run' ? { ...question, pausing: true } : question
    return checked(await this.#leader!.answer(asked), question, kinds)
  }

  async pack(node: Node, params: Params): Promise<void> {
    const room = this.#memory!.floats(this.#staging, valuesOf(node))
    const values = await stage(node, params, room, this.#stretch)
    await this.ask({ kind: 'pack', nodes: [{ node: node.name, values }], staged: true }, ['packed'])
  }

  async packed(): Promise<void> {}

  cancel(): void {
    this.#leader?.cancel()
  }

  async end(): Promise<void> {
    this.#leader = undefined
    this.#memory = undefined
  }
}
