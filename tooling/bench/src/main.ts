import process from 'node:process'
import { benchCommand } from './command.js'
import { openNode } from './runtimes/node/open.js'

const interruption = new AbortController()
// Once: a second Ctrl-C ends the process at once, as it would without us.
process.once('SIGINT', () => interruption.abort())

process.exitCode = await benchCommand(process.argv.slice(2), {
  print: (text) => console.log(text),
  report: (text) => console.error(text),
  async open(runtime, node) {
    if (runtime === 'node') return openNode(node)
    const { openChromium } = await import('./runtimes/chromium/open.js')
    return openChromium()
  },
  async count(jobs) {
    const { countInChromium } = await import('./webgpu/count.js')
    return countInChromium(jobs, interruption.signal, (text) => console.error(text))
  },
  signal: interruption.signal,
}).catch((error: unknown) => {
  console.error(interruption.signal.aborted ? 'interrupted' : error instanceof Error ? error.message : error)
  return interruption.signal.aborted ? 130 : 1
})
