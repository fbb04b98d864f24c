import type { Settings } from '../engine/engine.js'
import { Leader } from '../engine/leader.js'
import type { Reply } from '../engine/messages.js'
import { pause, Stretch } from '../engine/pause.js'
import type { NodeValues } from '../engine/weights.js'
import { type Answer, checked, type Question, type Team } from './team.js'

/** Computes on the thread that asks. It lets others have their turn now and then. */
export class TeamInPlace implements Team {
  readonly hasEnded = false
  #memoryBytes = 0
  #leader: Leader | undefined = new Leader()
  readonly #stretch = new Stretch()

  private constructor() {}

  /** @throws {BackendError} when there is not enough memory */
  static async start(settings: Settings): Promise<TeamInPlace> {
    const team = new TeamInPlace()
    await team.ask({ kind: 'prepare', settings, packedIn: undefined }, ['prepared'])
    return team
  }

  get memoryBytes(): number {
    return this.#memoryBytes
  }

  async ask<Kind extends Reply['kind']>(question: Question, kinds: readonly Kind[]): Promise<Answer<Kind>> {
    const asked = question.kind === 'run' ? { ...question, pausing: true } : question
    const reply = await this.#leader!.answer(asked)
    if ('memoryBytes' in reply) this.#memoryBytes = reply.memoryBytes
    return checked(reply, question, kinds)
  }

  async pack(node: string, values: NodeValues): Promise<void> {
    if (this.#stretch.isLong) {
      await pause()
      this.#stretch.begin()
    }
    await this.ask({ kind: 'pack', node, values, staged: false }, ['packed'])
  }

  async packed(): Promise<void> {}

  cancel(): void {
    this.#leader?.cancel()
  }

  async end(): Promise<void> {
    this.#leader = undefined
    this.#memoryBytes = 0
  }
}
