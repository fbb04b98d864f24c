/**
 * `node build.mjs`: what must be built before the command can run, without a word unless it fails, since stdout then belongs
 * to the command.
 *
 * `node build.mjs --all`: everything, after an installation, so that packages and command can be used at once. A build that
 * fails is shown and left to whoever asks for it next: the installation itself went well, and `pnpm test`, which installs when
 * it has to, would otherwise stop before its tests.
 */

import { runTurbo } from './turbo.mjs'

const all = process.argv.includes('--all')
const filter = all ? [] : ['--filter=@resnet-ts/cli...']
const exitCode = runTurbo(['run', 'build', ...filter, '--output-logs=errors-only'], { output: 'when it fails' })
if (exitCode !== 0 && all) console.error('Installed, but not everything could be built (above): pnpm build')
else process.exitCode = exitCode
