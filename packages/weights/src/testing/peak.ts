import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** Why memory cannot be measured here; undefined when it can. */
export const withoutPeak =
  process.platform !== 'linux'
    ? 'only Linux tells the peak of a process'
    : existsSync(built)
      ? undefined
      : 'needs the build'

const script = `
import { readFileSync } from 'node:fs'
const [, built, small, large] = process.argv
const { readCheckpoint } = await import(built)
const memory = (field) => 1024 * Number(new RegExp(field + ':\\\\s+(\\\\d+) kB').exec(readFileSync('/proc/self/status', 'utf8'))[1])
await readCheckpoint(small)
const before = memory('VmRSS')
const { tensors } = await readCheckpoint(large)
console.log(memory('VmHWM') - before, tensors.size)`

/**
 * How far the memory of a process of Node rises while it reads a checkpoint, in bytes.
 *
 * What Node itself takes is left out: the memory that is resident before, once the process has read a small checkpoint in
 * the same way, so that the code it runs, and Node's own for the network, is there.
 */
export async function peakOf(small: string, large: string, variables: Record<string, string> = {}): Promise<number> {
  const options = { env: { ...process.env, ...variables } }
  const args = ['--input-type=module', '-e', script, built, small, large]
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  const [peak, tensors] = stdout.split(' ').map(Number)
  if (!tensors) throw new Error(`nothing was read: ${stdout}`)
  return peak!
}
