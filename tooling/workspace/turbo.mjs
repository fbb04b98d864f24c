import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the workspace. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const executable = fileURLToPath(new URL('../../node_modules/turbo/bin/turbo', import.meta.url))

/**
 * Runs turbo in the workspace, with nothing sent or fetched: no telemetry, no remote cache, no word of newer versions.
 *
 * @param {readonly string[]} args
 * @param {{ environment?: Record<string, string>, output?: 'shown' | 'when it fails' }} [options] `when it fails`: on stderr
 * @returns {number} its exit code
 */
export function runTurbo(args, { environment = {}, output = 'shown' } = {}) {
  const offline = {
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_CACHE: 'local:rw,remote:',
    // Dependencies were checked when the script that leads here began; each task need not do it again.
    pnpm_config_verify_deps_before_run: 'false',
  }
  const stream = output === 'shown' ? 'inherit' : 'pipe'
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    cwd: root,
    env: { ...process.env, ...offline, ...environment },
    stdio: ['ignore', stream, stream],
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  if (error) throw error
  if (output === 'when it fails' && status !== 0) process.stderr.write(stdout + stderr)
  return status ?? 1
}

/**
 * Runs a script of Node in the root of the workspace, from which its path is.
 *
 * @param {string} script
 * @param {string[]} args
 * @returns {number} its exit code
 */
export function runScript(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status ?? 1
}

/**
 * The same beside others: what it says is not shown, but returned.
 *
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<{ status: number, said: string }>} its exit code, and its stdout and stderr
 */
export async function runScriptAside(script, ...args) {
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => {
      said += text
    })
  }
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { status, said }
}

// `node turbo.mjs run build`: what the scripts of the root call.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = runTurbo(process.argv.slice(2))
