import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** A folder with a page that has this package as `globalThis.weights`. */
export interface Bundle {
  readonly folder: string
  remove(): Promise<void>
}

/** Makes such a page of what is built, as Vite does for an application. */
export async function bundlePage(): Promise<Bundle> {
  const root = await mkdtemp(join(tmpdir(), 'resnet-ts-page-'))
  const script = "import * as weights from '@resnet-ts/weights'\nglobalThis.weights = weights"
  await writeFile(
    join(root, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>weights</title><script type="module">${script}</script>`,
  )
  const weights = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  await build({ root, configFile: false, logLevel: 'error', resolve: { alias: { '@resnet-ts/weights': weights } } })
  return { folder: join(root, 'dist'), remove: () => rm(root, { recursive: true }) }
}
