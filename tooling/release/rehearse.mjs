/**
 * `pnpm release:rehearse`: a release from end to end, without one: in a copy of the workspace the changesets become versions and
 * changelogs, the packages are checked and published to a registry of this machine, and a fresh project installs them from there
 * and classifies a photograph, in its own code and on its command line. It needs a registry to install from, and git.
 */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { packagesOf } from '@resnet-ts/workspace/packages.mjs'
import { root } from '@resnet-ts/workspace/turbo.mjs'

/** What an installation of `resnet-ts` may weigh on disk, sharp and its libvips aside. */
const mostBytes = 15e6

const registryFolder = join(import.meta.dirname, 'registry')
const photo = join(root, 'examples/chelsea.png')

/**
 * @param {string} cwd
 * @param {string} command
 * @param {string[]} args
 * @returns {string}
 */
function run(cwd, command, ...args) {
  // Installations are not to see those that lead here.
  const env = { ...process.env, pnpm_config_verify_deps_before_run: 'false' }
  return execFileSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  })
}

/**
 * The files of the workspace that git knows or would take, and what is built of the packages, in a repository of their own.
 *
 * @param {string} copy
 */
function copyWorkspace(copy) {
  const listed = run(root, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  const files = listed.split('\0').filter((file) => file && existsSync(join(root, file)))
  const built = packagesOf(root).flatMap(({ folder }) => [`${folder}/dist`, `${folder}/src/generated`])
  for (const path of [...files, ...built.filter((folder) => existsSync(join(root, folder)))]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  run(copy, 'git', 'init', '--quiet', '--initial-branch=main')
  run(copy, 'git', 'add', '--all')
  commit(copy, 'The workspace')
}

/**
 * @param {string} copy
 * @param {string} message
 */
function commit(copy, message) {
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost', '-c', 'commit.gpgsign=false']
  run(copy, 'git', ...author, 'commit', '--quiet', '--no-verify', '--all', '--message', message)
}

/**
 * Runs what is to be done with a registry of this machine.
 *
 * @param {string} storage
 * @param {(url: string) => void} use
 */
async function withRegistry(storage, use) {
  const elsewhere = run(root, 'npm', 'config', 'get', 'registry').trim()
  run(registryFolder, 'pnpm', 'install', '--frozen-lockfile', '--ignore-scripts')
  const server = spawn(process.execPath, ['serve.mjs', storage, elsewhere], {
    cwd: registryFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(server, 'close')
  try {
    for await (const line of createInterface(server.stdout)) {
      if (line.startsWith('http://')) return use(line)
    }
    throw new Error('the registry ended before it was ready')
  } finally {
    server.stdin.end()
    await closed
  }
}

/**
 * @param {string} folder
 * @param {string} url
 */
function useRegistry(folder, url) {
  const host = url.replace('http:', '')
  writeFileSync(join(folder, '.npmrc'), `registry=${url}\n@resnet-ts:registry=${url}\n${host}:_authToken=rehearsal\n`)
}

/**
 * Installs what was published into a fresh project and classifies the photograph with it.
 *
 * @param {string} folder
 * @param {string} url
 * @param {string} version
 */
function tryOut(folder, url, version) {
  mkdirSync(folder)
  useRegistry(folder, url)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  cpSync(photo, join(folder, 'photo.png'))
  cpSync(join(root, 'tooling/consumers/projects/node-esm/main.js'), join(folder, 'main.js'))
  const npm = (/** @type {string[]} */ ...args) =>
    run(folder, 'npm', ...args, '--no-audit', '--no-fund', '--ignore-scripts')

  npm('install', 'resnet-ts')
  const modules = join(folder, 'node_modules')
  const { version: installed } = JSON.parse(readFileSync(join(modules, 'resnet-ts/package.json'), 'utf8'))
  if (installed !== version) throw new Error(`resnet-ts ${installed} was installed, not ${version}`)
  const bytes = sizeOf(modules, new Set(['sharp', '@img']))
  console.log(`resnet-ts ${version} takes ${(bytes / 1e6).toFixed(1)} MB once installed, sharp aside`)
  if (bytes > mostBytes) throw new Error(`it is to take at most ${mostBytes / 1e6} MB`)
  const inCode = run(folder, process.execPath, 'main.js')
  if (JSON.parse(inCode).label !== 'cat') throw new Error(`the photograph of a cat was said to show ${inCode}`)

  npm('install', '@resnet-ts/cli')
  const onCommandLine = run(
    folder,
    process.execPath,
    join(modules, '@resnet-ts/cli/bin/resnet.js'),
    'classify',
    'photo.png',
  )
  if (!onCommandLine.includes('cat')) throw new Error(`the photograph of a cat was said to show ${onCommandLine}`)
}

/**
 * @param {string} folder
 * @param {ReadonlySet<string>} aside names of folders that do not count
 * @returns {number} bytes in files
 */
function sizeOf(folder, aside) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !aside.has(name))
    .reduce((sum, entry) => {
      const path = join(folder, entry.name)
      return sum + (entry.isDirectory() ? sizeOf(path, aside) : statSync(path).size)
    }, 0)
}

const folder = mkdtempSync(join(tmpdir(), 'resnet-ts-rehearsal-'))
try {
  const copy = join(folder, 'workspace')
  copyWorkspace(copy)
  run(copy, 'pnpm', 'install', '--frozen-lockfile', '--ignore-scripts', '--prefer-offline')
  const changesets = join(copy, 'node_modules/@changesets/cli/bin.js')
  run(copy, process.execPath, changesets, 'version')
  run(copy, process.execPath, 'tooling/release/writeVersion.mjs')
  commit(copy, 'Versions')
  const { version } = JSON.parse(readFileSync(join(copy, 'packages/resnet-ts/package.json'), 'utf8'))
  process.stdout.write(run(copy, process.execPath, 'tooling/release/check.mjs'))
  await withRegistry(join(folder, 'registry'), (url) => {
    useRegistry(copy, url)
    process.stdout.write(run(copy, process.execPath, changesets, 'publish'))
    tryOut(join(folder, 'project'), url, version)
  })
  console.log(`resnet-ts ${version}: versioned, published, installed and run`)
} finally {
  rmSync(folder, { recursive: true, maxRetries: 3 })
}
