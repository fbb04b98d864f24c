import { runTurbo } from './turbo.mjs'

// Runs after an installation, so that the command and the packages can be used at once. A build that fails is shown and
// left to whoever asks for it next: the installation itself went well, and `pnpm test` would otherwise stop before its tests.
const exitCode = runTurbo(['run', 'build', '--output-logs=errors-only'], { stdout: 'stderr' })
if (exitCode !== 0) console.error('Installed, but not everything could be built (above): pnpm build')
