import { build } from 'vite'
import { packageFolder } from '../folders.js'

/**
 * Bundles a module of this package, for a page.
 *
 * @param input - its path in this package, as it is built
 * @param outDir - where it is put, as page.js
 */
export async function buildPage(input: string, outDir: string): Promise<void> {
  await build({
    root: packageFolder,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'esnext',
      modulePreload: false,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rollupOptions: { input, output: { entryFileNames: 'page.js' } },
    },
  })
}
