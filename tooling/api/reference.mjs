/**
 * `pnpm reference`: the reference of all that the public packages export, as they are built, as a site in `docs/reference`, which
 * git leaves alone. It fails where anything exported is not documented.
 */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import { installTools, run } from './tools.mjs'

const reference = join(root, 'docs', 'reference')
rmSync(reference, { recursive: true, force: true })
if (!installTools() || !run(process.execPath, 'document.mjs', root, reference)) process.exitCode = 1
else console.log(`The reference: ${join(reference, 'index.html')}`)
