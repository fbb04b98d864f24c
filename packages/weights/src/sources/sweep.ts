import { nodeFiles } from './node.js'

const every = 2 ** 20
const beyondYoung = 33 * 2 ** 20

/**
 * Keeps pieces of a body from piling up once they are copied. V8 lets young buffers come to twice its semi-space, 32 MB,
 * before it collects them; it does so at once when it is asked for more than that. Memory that nobody touches is not
 * really taken, and collecting so few objects takes some 0.2 ms.
 *
 * @returns to be told of each piece, once it is copied, how many bytes it had; in a page, where fetch is a matter of
 * another process, it does nothing
 */
export function startSweeping(): (bytes: number) => void {
  if (!nodeFiles()) return () => {}
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < every) return
    passed = 0
    collectYoung()
  }
}

function collectYoung(): void {
  try {
    new ArrayBuffer(beyondYoung)
  } catch {
    // Where addresses are short, there is no such memory: then the pieces stay for a while, as they would without us.
  }
}
