import { copyFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build as esbuild } from 'esbuild'
import { type InputOptions, rolldown } from 'rolldown'
import { build as vite } from 'vite'
import webpack from 'webpack'

/**
 * Makes of an application what is to be served, and configures nothing that need not be.
 *
 * @returns the folder of what it made
 */
export type Bundler = (folder: string) => Promise<string>

export async function buildWithVite(root: string): Promise<string> {
  const outDir = newFolder(root)
  // Linked packages count as installed where they are linked.
  await vite({ root, configFile: false, logLevel: 'error', resolve: { preserveSymlinks: true }, build: { outDir } })
  return outDir
}

export async function buildWithWebpack(context: string): Promise<string> {
  const path = newFolder(context)
  const options: webpack.Configuration = { context, entry: './main.js', mode: 'production', output: { path } }
  await new Promise<void>((resolve, reject) => {
    webpack(options, (error, stats) => {
      if (error ?? stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-warnings')))
      else resolve()
    })
  })
  return withPage(context, path)
}

export function buildWithRolldown(options: InputOptions = {}): Bundler {
  return async (cwd) => {
    const dir = newFolder(cwd)
    const build = await rolldown({ input: './main.js', cwd, logLevel: 'warn', ...options })
    await build.write({ dir })
    await build.close()
    return withPage(cwd, dir)
  }
}

/** With esbuild, as one file, a module, unless options say otherwise. */
export function buildWithEsbuild(options: BuildOptions = {}): Bundler {
  const usual: BuildOptions = { entryPoints: ['main.js'], bundle: true, format: 'esm', logLevel: 'warning' }
  return async (absWorkingDir) => {
    const outdir = newFolder(absWorkingDir)
    await esbuild({ ...usual, ...options, absWorkingDir, outdir })
    return withPage(absWorkingDir, outdir)
  }
}

function newFolder(folder: string): string {
  return mkdtempSync(join(folder, 'dist-'))
}

/** What these bundlers leave to others: a page for the script. */
function withPage(source: string, folder: string): string {
  copyFileSync(join(source, 'index.html'), join(folder, 'index.html'))
  return folder
}
