import { pause } from '../watch.js'
import { ifAbsent } from './layout.js'
import { codeOf, type Node } from './node.js'

/** A lock whose owner has not shown itself for so long, in milliseconds, is left over. */
const staleAfter = 20_000
const heartbeat = 4_000
const poll = 100

interface Owner {
  readonly host: string
  readonly pid: number
  readonly token: string
}

/**
 * Waits for its turn at a file, among the processes of this and other machines, and takes it: the returned function
 * gives it up. A lock of a process that is gone, or has not shown itself for a while, is taken over.
 *
 * It spares downloading twice what another is about to bring, and no more: should two ever hold it, what they write is
 * the same at the same place, and is checked at the end.
 *
 * @throws the signal's reason once it is aborted
 */
export async function acquire(node: Node, path: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  const { fs, os, process, crypto, path: paths } = node
  const self: Owner = { host: os.hostname(), pid: process.pid, token: crypto.randomUUID() }
  await fs.mkdir(paths.dirname(path), { recursive: true })
  let seen: { text: string; mtimeMs: number; since: number } | undefined
  while (!(await create(node, path, JSON.stringify(self)))) {
    signal?.throwIfAborted()
    const text = await fs.readFile(path, 'utf8').catch(ifAbsent)
    const status = await fs.stat(path).catch(ifAbsent)
    if (text === undefined || !status) continue
    // Told by our own clock, since that of a file server may be another.
    if (seen?.text !== text || seen.mtimeMs !== status.mtimeMs) {
      seen = { text, mtimeMs: status.mtimeMs, since: performance.now() }
    }
    const owner = readOwner(text)
    const gone = owner?.host === self.host && !isRunning(node, owner.pid)
    if (gone || performance.now() - seen.since > staleAfter) await remove(node, path, text)
    else await pause(poll, signal)
  }
  const timer = setInterval(() => {
    const now = new Date()
    fs.utimes(path, now, now).catch(() => {})
  }, heartbeat)
  return async () => {
    clearInterval(timer)
    await remove(node, path, JSON.stringify(self))
  }
}

/** @returns false when there is one already */
async function create({ fs }: Node, path: string, text: string): Promise<boolean> {
  try {
    await fs.writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    // On Windows a file that is just being removed may not be opened.
    if (['EEXIST', 'EPERM', 'EBUSY'].includes(codeOf(error) ?? '')) {
      if (codeOf(error) === 'EEXIST' || (await fs.stat(path).catch(ifAbsent))) return false
    }
    throw error
  }
}

/** Removes the lock if it is still the one with that text: by a new name, since another may replace it meanwhile. */
async function remove({ fs, crypto }: Node, path: string, text: string): Promise<void> {
  if ((await fs.readFile(path, 'utf8').catch(ifAbsent)) !== text) return
  const aside = `${path}.${crypto.randomUUID()}`
  try {
    await fs.rename(path, aside)
  } catch (error) {
    ifAbsent(error)
    return
  }
  await fs.rm(aside, { force: true })
}

function isRunning({ process }: Node, pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

function readOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner
    return Number.isInteger(owner.pid) && owner.pid > 0 ? owner : undefined
  } catch {
    // It may just be being written.
    return undefined
  }
}
