import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const workspace = fileURLToPath(new URL('../../../', import.meta.url))
const ours = ['graph', 'backend-tfjs', 'backend-wasm']
const theirs = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm']

/** An application in a folder of its own, with the packages in node_modules as npm puts them there. */
export interface App {
  readonly folder: string
  remove(): void
}

/**
 * Writes such an application down: our packages as they are built, and, if asked for, those of tfjs.
 *
 * @param source - the folder beside this file that has its source
 */
export function writeApp({
  tfjs = false,
  source = 'page',
}: {
  readonly tfjs?: boolean
  readonly source?: string
}): App {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'resnet-ts-'))
  const modules = join(folder, 'node_modules')
  for (const name of ours) {
    for (const part of ['package.json', 'dist']) {
      cpSync(join(workspace, name, part), join(modules, '@resnet-ts', name, part), { recursive: true })
    }
  }
  if (tfjs) for (const name of theirs) linkWithDependencies(name, modules)
  cpSync(fileURLToPath(new URL(source, import.meta.url)), folder, { recursive: true })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** pnpm keeps a package's dependencies beside it, where it really is. */
function linkWithDependencies(name: string, modules: string): void {
  const around = dirname(dirname(realpathSync(join(workspace, 'backend-wasm/node_modules', name))))
  for (const entry of readdirSync(around)) {
    const names = entry.startsWith('@') ? readdirSync(join(around, entry)).map((part) => `${entry}/${part}`) : [entry]
    for (const each of names) {
      mkdirSync(dirname(join(modules, each)), { recursive: true })
      rmSync(join(modules, each), { force: true })
      symlinkSync(realpathSync(join(around, each)), join(modules, each), 'junction')
    }
  }
}
