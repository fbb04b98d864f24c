import { ResnetError } from '@resnet-ts/graph'

/** What a runtime cannot do, or is not there to do: its row says so, and the others go on. */
export class UnsupportedError extends ResnetError {
  override readonly name: string = 'UnsupportedError'
}

/** @throws {UnsupportedError} for a runtime that computes on one thread, when more are asked of it */
export function requireOneThread(name: string, threads: number, reason: string): void {
  if (threads === 1) return
  throw new UnsupportedError({ subject: name, expected: '1 thread', found: String(threads), advice: reason })
}

/**
 * What an import yields.
 *
 * @throws {UnsupportedError} when the package, or what it needs of this machine, is not there
 */
export async function installed<Module>(name: string, module: Promise<Module>): Promise<Module> {
  try {
    return await module
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause)
    throw new UnsupportedError({ subject: name, expected: 'to be installed', found, cause })
  }
}
