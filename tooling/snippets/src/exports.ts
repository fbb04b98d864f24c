import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { root } from './snippets.js'

/** What can be imported of a published package by one name: `@resnet-ts/graph`, `@resnet-ts/graph/diagram`. */
export interface Entry {
  readonly name: string
  /** From the root: the file that tells of it. */
  readonly readme: string
  /** What it exports, types too; nothing of a file that is no module. */
  readonly exports: readonly string[]
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>
}

/** The entries of all packages that are published, as they are built. */
export function entriesOfWorkspace(): Entry[] {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
      return manifest.private ? [] : entriesOf(folder, manifest)
    })
}

function entriesOf(folder: string, { name, exports = {} }: Manifest): Entry[] {
  return Object.entries(exports)
    .filter(([path]) => path !== './package.json')
    .map(([path, target]) => {
      const types = typeof target === 'string' ? undefined : target.types
      return {
        name: name + path.slice(1),
        readme: `${folder}/README.md`,
        exports: types === undefined ? [] : exportsOf(join(root, folder, types)),
      }
    })
}

/** The names that a file of declarations exports, those of the files it passes on included. */
export function exportsOf(file: string): string[] {
  const { module, errors } = parseSync(file, readFileSync(file, 'utf8'), { lang: 'dts' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ exportName, moduleRequest }) => {
      if (exportName.name !== null) return [exportName.name]
      if (!moduleRequest?.value.startsWith('.')) throw new Error(`${file} passes on all of ${moduleRequest?.value}`)
      return exportsOf(join(file, '..', moduleRequest.value.replace(/\.js$/, '.d.ts')))
    })
}

/** The names that a text in Markdown tells of: those that code within its lines begins with, `like(this)`. */
export function namesIn(markdown: string): ReadonlySet<string> {
  const text = markdown.replaceAll(/^(`{3,}|~{3,}).*?^\1/gms, '')
  return new Set([...text.matchAll(/`([\w$]+)[^`\n]*`/g)].map(([, name]) => name ?? ''))
}
