import { failureOf, type Methods, type Reply, type Request } from './protocol.js'

/** What a method is given beside its arguments. */
interface Call<Progress> {
  readonly signal: AbortSignal
  progress(step: Progress): void
}

/** The methods of a worker as it implements them. */
export type Served<Offered extends Methods> = {
  readonly [Name in keyof Offered]: (
    args: Offered[Name]['args'],
    call: Call<Offered[Name]['progress']>,
  ) => Promise<Offered[Name]['result'] | Transferred<Offered[Name]['result']>>
}

/** A result of which parts are handed over, not copied. */
export class Transferred<Result> {
  constructor(
    readonly value: Result,
    readonly parts: readonly Transferable[],
  ) {}
}

/** A worker's own side, as far as it is used here; the types of pages have no word for it. */
interface Scope {
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(reply: Reply, transfer: readonly Transferable[]): void
}

/** Answers calls to these methods, in the worker that this is called in. */
export function serve<Offered extends Methods>(methods: Served<Offered>): void {
  const scope = globalThis as unknown as Scope
  const underWay = new Map<number, AbortController>()

  const answer = async (id: number, name: string, args: unknown) => {
    const controller = new AbortController()
    underWay.set(id, controller)
    const { signal } = controller
    const progress = (step: unknown) => scope.postMessage({ kind: 'progress', id, step }, [])
    try {
      const result = await methods[name as keyof Offered](args, { signal, progress })
      const { value, parts } = result instanceof Transferred ? result : new Transferred(result, [])
      scope.postMessage({ kind: 'value', id, value }, parts)
    } catch (error) {
      scope.postMessage({ kind: 'failure', id, failure: failureOf(error) }, [])
    } finally {
      underWay.delete(id)
    }
  }

  scope.onmessage = ({ data }) => {
    if (data.kind === 'cancel') underWay.get(data.id)?.abort()
    else void answer(data.id, data.method, data.args)
  }
}
