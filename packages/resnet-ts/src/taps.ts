import type { Session } from '@resnet-ts/graph'

/** How many sets of names are kept compiled. */
const kept = 4

/** Sessions of the same network with other outputs, compiled when they are first asked for. */
export interface Taps {
  /** Runs `work` on the session whose outputs are `names`. */
  use<Result>(names: readonly string[], work: (session: Session) => Promise<Result>): Promise<Result>
  dispose(): Promise<void>
}

interface Tapped {
  readonly session: Promise<Session>
  /** The work under way, which a session outlives. */
  readonly works: Set<Promise<unknown>>
}

export function createTaps(compile: (names: readonly string[]) => Promise<Session>): Taps {
  const tapped = new Map<string, Tapped>()

  const drop = async (key: string) => {
    const entry = tapped.get(key)
    tapped.delete(key)
    await Promise.allSettled(entry?.works ?? [])
    // One that failed to compile has told whoever asked for it, and holds nothing.
    await entry?.session.then(
      (session) => session.dispose(),
      () => undefined,
    )
  }

  return {
    async use(names, work) {
      const key = JSON.stringify(names)
      const entry: Tapped = tapped.get(key) ?? { session: compile(names), works: new Set() }
      // The one used last stands last, and the first goes when there are too many.
      tapped.delete(key)
      tapped.set(key, entry)
      const running = entry.session.then(work)
      entry.works.add(running)
      try {
        return await running
      } catch (error) {
        await entry.session.catch(() => tapped.delete(key))
        throw error
      } finally {
        entry.works.delete(running)
        if (tapped.size > kept) await drop([...tapped.keys()][0]!)
      }
    },
    dispose: async () => {
      await Promise.all([...tapped.keys()].map(drop))
    },
  }
}
