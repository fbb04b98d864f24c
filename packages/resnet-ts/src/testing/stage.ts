import { reference } from '@resnet-ts/backend-reference'
import type { Backend, Session } from '@resnet-ts/graph'

/** How a backend of a test behaves. */
export interface Role {
  /** Why it is not available. */
  readonly absent?: string
  readonly device?: string
  /** Milliseconds that a run takes beside its computing. */
  readonly delay?: number
  /** What compiling throws. */
  readonly compiling?: Error
  /** What a run throws. */
  readonly running?: Error
  /** Whether runs never end, not even by their signal. */
  readonly endless?: boolean
}

export interface Player {
  readonly backend: Backend
  /** What was asked of it. */
  readonly events: string[]
  /** Changes how it behaves. */
  play(role: Role): void
}

/** Backends whose speed and failures are the test's, and which compute as the reference does. */
export function stage() {
  const sessions = new Map<object, string>()
  return {
    /** The backends of the sessions that are not disposed of. */
    live: () => [...sessions.values()],
    player(name: string, first: Role = {}): Player {
      let role = first
      const events: string[] = []
      const backend: Backend = {
        ...reference(),
        name,
        async isAvailable() {
          events.push('asked')
          const { absent, device } = role
          return absent === undefined ? { available: true, device } : { available: false, reason: absent }
        },
        async compile(graph, params) {
          events.push('compile')
          if (role.compiling) throw role.compiling
          const inner = await reference().compile(graph, params)
          const key = {}
          sessions.set(key, name)
          const session: Session = {
            async run(inputs, options) {
              events.push('run')
              if (role.running) throw role.running
              if (role.endless) await new Promise(() => undefined)
              if (role.delay) await wait(role.delay, options?.signal)
              return inner.run(inputs, options)
            },
            describe: () => ({ backend: name, device: role.device ?? name, notes: [] }),
            async dispose() {
              sessions.delete(key)
              await inner.dispose()
            },
          }
          return session
        },
      }
      const play = (next: Role) => {
        role = next
      }
      return { backend, events, play }
    },
  }
}

/** Rejects with the signal's reason once it is aborted. */
function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
