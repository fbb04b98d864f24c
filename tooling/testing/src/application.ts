import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, type InlineConfig } from 'vite'
import type { Site } from './chromium.js'

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url))

/** An application that Vite makes, in a folder of its own, with no configuration. */
export interface Application {
  /** Has Vite build it; returns the folder of what that made. */
  build(): Promise<string>
  /** Vite's server for development. */
  develop(): Promise<Site>
  remove(): Promise<void>
}

/**
 * Writes an application down.
 *
 * @param folder the folder under `packages` of the package that it depends on; it is installed as it is built, with all that it
 * depends on itself
 * @param files its own files, by their paths: `index.html` among them
 */
export async function writeApplication(folder: string, files: Readonly<Record<string, string>>): Promise<Application> {
  const root = await mkdtemp(join(await realpath(tmpdir()), 'resnet-ts-'))
  await install(join(packages, folder), join(root, 'node_modules'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  const config: InlineConfig = { root, configFile: false, logLevel: 'error' }
  return {
    async build() {
      await build(config)
      return join(root, 'dist')
    },
    async develop() {
      const server = await createServer({ ...config, server: { host: '127.0.0.1', port: 0 } })
      await server.listen()
      return { url: server.resolvedUrls!.local[0]!, close: () => void server.close() }
    },
    remove: () => rm(root, { recursive: true }),
  }
}

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Copies a package of ours, and what it depends on of ours, into node_modules; links the rest. */
async function install(folder: string, modules: string): Promise<void> {
  const { name, dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  const target = join(modules, name)
  if (existsSync(target)) return
  for (const part of ['package.json', 'dist']) await cp(join(folder, part), join(target, part), { recursive: true })
  for (const [dependency, version] of Object.entries(dependencies)) {
    const installed = await realpath(join(folder, 'node_modules', dependency))
    if (version.startsWith('workspace:')) await install(installed, modules)
    else await link(installed, join(modules, dependency))
  }
}

async function link(installed: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  // Another package may have brought it.
  await rm(path, { force: true })
  await symlink(installed, path, 'junction')
}
