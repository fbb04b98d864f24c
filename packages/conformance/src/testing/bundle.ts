import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** A page that Vite made. */
export interface Bundle {
  readonly folder: string
  remove(): void
}

/** Makes the page that a folder beside this file has. */
export async function bundlePage(name: 'choice' | 'resnet50' | 'suite'): Promise<Bundle> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'resnet-ts-'))
  const root = fileURLToPath(new URL(name, import.meta.url))
  // The parts of vitest that need no Node stand for all of it.
  const vitest = fileURLToPath(new URL('suite/vitest.ts', import.meta.url))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { vitest } },
    build: { outDir: folder },
    worker: { format: 'es' },
  })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
