import { theImage, theInput } from '../wanted.js'
import { toPortable } from './errors.js'
import { decodeInPlace } from './item.js'
import type { Reply, Request } from './messages.js'

// The script of a page's worker: decodes images, and preprocesses them, so that the page goes on meanwhile.

const scope = globalThis as unknown as {
  postMessage(reply: Reply, transfer?: readonly Transferable[]): void
  onmessage: ((event: MessageEvent<Request>) => void) | null
}
const working = new Map<number, AbortController>()

scope.onmessage = ({ data }) => {
  if (data.kind === 'cancel') working.get(data.id)?.abort()
  else void answer(data)
}
scope.postMessage({ kind: 'ready' })

async function answer({ id, item, config }: Extract<Request, { readonly kind: 'decode' }>): Promise<void> {
  const controller = new AbortController()
  working.set(id, controller)
  try {
    const image = await decodeInPlace(item, controller.signal)
    const result = config ? theInput(config).make(image) : theImage.make(image)
    const { buffer } = 'pixels' in result ? result.pixels.data : result.data
    scope.postMessage({ kind: 'done', id, result }, [buffer as ArrayBuffer])
  } catch (error) {
    fail(id, error)
  } finally {
    working.delete(id)
  }
}

function fail(id: number, error: unknown): void {
  try {
    scope.postMessage({ kind: 'failed', id, error: toPortable(error) })
  } catch {
    // It holds something that a message cannot carry.
    scope.postMessage({ kind: 'failed', id, error: { kind: 'other', error: new Error(String(error)) } })
  }
}
