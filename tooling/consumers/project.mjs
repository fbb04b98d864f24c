import { execFile } from 'node:child_process'
import { copyFile, cp, mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { root } from '@resnet-ts/workspace/turbo.mjs'

/** @typedef {import('@resnet-ts/release/pack.mjs').Packed} Packed */

/**
 * @typedef {object} ProjectManifest
 * @property {Record<string, string>} [scripts] `build`, if it has to be built; `start` prints the answer, if it is no page
 * @property {Record<string, string>} dependencies
 * @property {{ page?: string, serve?: boolean, slow?: boolean }} [consumer] `page`: the folder to be served; `serve`: it serves
 * its page itself, by `start`; `slow`: it takes long to install or to build, and is left to `pnpm consumers`
 */

const projects = fileURLToPath(new URL('projects/', import.meta.url))
const photo = join(root, 'examples/chelsea.png')

/** @returns {Promise<{ name: string, manifest: ProjectManifest }[]>} */
export async function projectsOf() {
  const names = (await readdir(projects)).sort()
  return Promise.all(
    names.map(async (name) => ({
      name,
      manifest: JSON.parse(await readFile(join(projects, name, 'package.json'), 'utf8')),
    })),
  )
}

/**
 * Copies a project into a folder of its own, with the photograph beside it, and installs it with npm: ours from the tarballs,
 * wherever anything asks for them, the rest from the registry.
 *
 * @param {string} name
 * @param {readonly Packed[]} packages
 * @returns {Promise<string>} the folder
 * @throws {Error} when any package of ours was installed from elsewhere
 */
export async function installProject(name, packages) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), `resnet-ts-${name}-`))
  await cp(join(projects, name), folder, { recursive: true })
  await copyFile(photo, join(folder, 'photo.png'))
  const tarballs = Object.fromEntries(packages.map(({ name: ours, tarball }) => [ours, `file:${tarball}`]))
  const file = join(folder, 'package.json')
  /** @type {ProjectManifest} */
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const dependencies = { ...manifest.dependencies }
  for (const ours of Object.keys(dependencies)) dependencies[ours] = tarballs[ours] ?? dependencies[ours]
  await writeFile(file, JSON.stringify({ ...manifest, dependencies, overrides: tarballs }, null, 2))
  await run(folder, 'npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund')
  await expectTarballs(folder, new Set(Object.keys(tarballs)))
  return folder
}

/**
 * @param {string} folder
 * @param {ReadonlySet<string>} ours
 */
async function expectTarballs(folder, ours) {
  /** @type {{ packages: Record<string, { resolved?: string }> }} */
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'))
  for (const [path, { resolved }] of Object.entries(lock.packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (ours.has(name) && !resolved?.startsWith('file:')) throw new Error(`${name} was installed from ${resolved}`)
  }
}

const execute = promisify(execFile)

/**
 * @param {string} cwd
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>} what it prints
 */
export async function run(cwd, command, ...args) {
  try {
    const { stdout } = await execute(command, args, { cwd, maxBuffer: 2 ** 26, timeout: 300_000, env: environment() })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error)
    throw new Error(`${[command, ...args].join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** The environment without what the package manager and the test runner that lead here have put into it. */
export function environment() {
  const outer = /^(npm_|pnpm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/i
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !outer.test(name) || /registry$/i.test(name)),
  )
}
