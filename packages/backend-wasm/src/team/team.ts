import { BackendError, type Node, type Params } from '@resnet-ts/graph'
import type { Help, Reply, Request } from '../engine/messages.js'

export type Question = Exclude<Request, { readonly kind: 'cancel' }>
export type Answer<Kind extends Reply['kind']> = Extract<Reply, { readonly kind: Kind }>

/** Whoever computes: threads of their own, or this one. One question at a time. */
export interface Team {
  /** @throws {BackendError} when the computation fails, or the threads have ended */
  ask<Kind extends Reply['kind']>(
    question: Question,
    kinds: readonly Kind[],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Answer<Kind>>
  /**
   * Packs the parameters of a node. Once this resolves, they are not needed any more, but packing may still go on.
   *
   * @throws {ParameterError} when one has not the values that it should
   * @throws {BackendError} as `ask`, also for a node before
   */
  pack(node: Node, params: Params): Promise<void>
  /** Waits until all is packed. */
  packed(): Promise<void>
  /** Ends the run under way as soon as can be; it answers `cancelled`, or with its result where it was faster. */
  cancel(): void
  end(): Promise<void>
  /** Bytes of WebAssembly memory that it holds. */
  readonly memoryBytes: number
  /** That it has ended by itself. */
  readonly hasEnded: boolean
}

/** The answer to a question, if it is of one of these kinds. */
export function checked<Kind extends Reply['kind']>(
  reply: Reply,
  question: Question | Help,
  kinds: readonly Kind[],
): Answer<Kind> {
  if ((kinds as readonly string[]).includes(reply.kind)) return reply as Answer<Kind>
  const failed = reply.kind === 'failed' ? reply : undefined
  throw new BackendError({
    subject: "backend 'wasm'",
    expected: failed?.expected ?? `the engine to ${question.kind} the network`,
    found: failed?.reason ?? `the answer '${reply.kind}'`,
    advice: failed?.advice,
  })
}
