import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Where what is used here is installed, apart from the workspace, so that its installation stays quick. */
export const tools = join(import.meta.dirname, 'tools')

/** @returns {boolean} whether it went well */
export function installTools() {
  return run('pnpm', 'install', '--frozen-lockfile', '--ignore-scripts')
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {boolean} whether it went well; what it has to say is shown when it did not
 */
export function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: tools, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) process.stderr.write(stdout + stderr)
  return status === 0
}
