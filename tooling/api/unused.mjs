/** `pnpm unused`: files, dependencies and exports that nothing uses, as knip finds them; fails when there are any. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import { installTools, tools } from './tools.mjs'

const knip = join(tools, 'node_modules/knip/bin/knip.js')
const options = ['--directory', root, '--config', join(import.meta.dirname, 'knip.json'), '--no-progress']

if (!installTools()) process.exitCode = 1
else
  process.exitCode =
    spawnSync(process.execPath, [knip, ...options], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
