/**
 * `pnpm api`: compares the interfaces of the public packages, as they are built, with the reports in `reports/`, and fails where
 * they differ. `pnpm api --update` writes the reports anew.
 */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import { installTools, run } from './tools.mjs'

const reports = join(import.meta.dirname, 'reports')
const fresh = mkdtempSync(join(tmpdir(), 'resnet-ts-api-'))
try {
  if (!installTools()) process.exitCode = 1
  else if (!run(process.execPath, 'extract.mjs', root, fresh)) process.exitCode = 1
  else if (process.argv.includes('--update')) {
    rmSync(reports, { recursive: true, force: true })
    cpSync(fresh, reports, { recursive: true })
    console.log('The reports are those of what is built.')
  } else if (run('git', 'diff', '--no-index', '--exit-code', reports, fresh)) {
    console.log('The interfaces are those of the reports.')
  } else {
    console.error('The interfaces differ from tooling/api/reports (above). If that is meant: pnpm api --update')
    process.exitCode = 1
  }
} finally {
  rmSync(fresh, { recursive: true })
}
