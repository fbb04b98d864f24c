import { builtin } from './builtin.js'
import { help } from './engine/helper.js'
import { failure, Leader } from './engine/leader.js'
import type { Help, Reply, Request } from './engine/messages.js'

// The script of a worker: of a page's, and of Node's. The first message says whether it leads or helps.

interface Port {
  send(reply: Reply, transfer: readonly ArrayBuffer[]): void
  receive(listener: (message: Request | Help) => void): void
}

function portOfNode(): Port | undefined {
  const port = builtin('node:worker_threads')?.parentPort
  if (!port) return undefined
  return {
    send: (reply, transfer) => port.postMessage(reply, transfer),
    receive: (listener) => void port.on('message', listener),
  }
}

function portOfPage(): Port {
  const scope = globalThis as unknown as {
    postMessage(reply: Reply, transfer: readonly ArrayBuffer[]): void
    onmessage: ((event: MessageEvent<Request | Help>) => void) | null
  }
  return {
    send: (reply, transfer) => scope.postMessage(reply, transfer),
    receive: (listener) => {
      scope.onmessage = (event) => listener(event.data)
    },
  }
}

const port = portOfNode() ?? portOfPage()
const leader = new Leader()

port.receive((message) => {
  if (message.kind === 'help') {
    help(message, () => port.send({ kind: 'helping' }, [])).catch((error) => port.send(failure(error, true), []))
  } else if (message.kind === 'cancel') leader.cancel()
  else void leader.answer(message).then((reply) => port.send(reply, memoryOf(reply)))
})
port.send({ kind: 'ready' }, [])

/** What a reply hands over. */
function memoryOf(reply: Reply): readonly ArrayBuffer[] {
  if (reply.kind === 'result') return [...reply.outputs, ...reply.inputs].map(({ data }) => data.buffer as ArrayBuffer)
  return reply.kind === 'packed' && reply.parcel ? [reply.parcel] : []
}
