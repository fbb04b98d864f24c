/** Removes whatever builds, checks and tests have made; the installation stays. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { packagesOf } from './packages.mjs'
import { root } from './turbo.mjs'

const made = ['.turbo', '.vitest', 'dist', 'generated', 'src/generated']

for (const folder of ['.', ...packagesOf(root).map((owner) => owner.folder)]) {
  for (const name of made) rmSync(join(root, folder, name), { recursive: true, force: true })
}
