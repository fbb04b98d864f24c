/**
 * `pnpm consumers [name…]`: packs the packages and has the projects use them, all, or those that are named, or with `fast` those
 * that CI takes. Fails when one of them does.
 */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from '@resnet-ts/workspace/environment.mjs'
import { root } from '@resnet-ts/workspace/turbo.mjs'

const names = process.argv.slice(2)
const chromium = findChromium()
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    join(root, 'vitest.release.config.ts'),
    '--root',
    '.',
  ],
  {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      ...(chromium && { CHROMIUM: chromium }),
      ...(names.length > 0 && { RESNET_TS_CONSUMERS: names.join(',') }),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)
process.exitCode = status ?? 1
