/**
 * `node build.mjs`: what must be built before the command can run, without a word unless it fails, since stdout then belongs
 * to the command.
 *
 * `node build.mjs --all`: everything that is installed, after an installation, so that packages and commands can be used at
 * once: `pnpm --filter web dev` in a fresh clone installs what the web app needs, and no more. A build that fails is shown and left to whoever asks for it next: the installation itself went well, and `pnpm test`, which installs when
 * it has to, would otherwise stop before its tests.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packagesOf } from './packages.mjs'
import { root, runTurbo } from './turbo.mjs'

const all = process.argv.includes('--all')
const filter = all ? installed().map((name) => `--filter=${name}`) : ['--filter=@resnet-ts/cli...']
const exitCode = runTurbo(['run', 'build', ...filter, '--output-logs=errors-only'], { output: 'when it fails' })
if (exitCode !== 0 && all) console.error('Installed, but not everything could be built (above): pnpm build')
else process.exitCode = exitCode

/** @returns {string[]} the packages whose dependencies are there */
function installed() {
  return packagesOf(root)
    .filter(({ folder, manifest: { dependencies, devDependencies } }) => {
      const needed = Object.keys({ ...dependencies, ...devDependencies })
      return needed.every((name) => existsSync(join(root, folder, 'node_modules', name)))
    })
    .map(({ manifest }) => manifest.name)
}
