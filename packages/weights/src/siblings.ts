import { CheckpointError } from './errors.js'
import type { Siblings } from './formats/files.js'
import { bytesOf, type CheckpointSource, describeSource, type SourceOptions } from './sources/index.js'
import { firstOf, quote } from './text.js'

/**
 * A checkpoint of several files: an index of shards or a tfjs `model.json`, and what it lists. By name, as a list of the
 * `File`s that an `<input multiple>` gives, or as a map.
 */
export type CheckpointFiles = readonly File[] | ReadonlyMap<string, Blob | ArrayBuffer | Uint8Array>

export function isFiles(source: unknown): source is CheckpointFiles {
  if (!Array.isArray(source)) return source instanceof Map
  return source.every((file: unknown) => typeof file === 'object' && file !== null && 'name' in file)
}

/** Where the file is that stands beside this one. A path is relative to its folder; a URL's query is left out. */
export function besideSource(source: CheckpointSource, options: SourceOptions): Siblings {
  return (path) => {
    const place = typeof source === 'string' ? source : 'href' in source ? source.href : ''
    if (place === '' || /^(data|blob):/i.test(place)) throw alone(source, path)
    if (/^[a-z][a-z\d+.-]+:/i.test(place))
      return bytesOf(new URL(path.split('/').map(encodeURIComponent).join('/'), place), options)
    return bytesOf(place.replace(/[^/\\]*$/, '') + path, options)
  }
}

function alone(source: CheckpointSource, path: string): CheckpointError {
  return new CheckpointError({
    subject: describeSource(source),
    expected: `the file ${quote(path)} beside it`,
    found: 'this one file alone',
    advice: 'name it by its path or URL, or pass all files together: a list of Files, or a Map by name',
  })
}

/** The file of these that describes the others, or the only one. */
export function chooseMain(files: CheckpointFiles): { readonly name: string; readonly source: CheckpointSource } {
  const named = namedFiles(files)
  const names = [...named.keys()]
  const main =
    names.length === 1
      ? names[0]
      : (names.find((name) => name.endsWith('.index.json')) ?? names.find((name) => /(^|\/)model\.json$/.test(name)))
  if (main !== undefined) return { name: main, source: named.get(main)! }
  throw new CheckpointError({
    subject: 'checkpoint source',
    expected: "one file, or several with an index ('….index.json') or a 'model.json' that lists them",
    found: names.length > 0 ? firstOf(names.map(quote)) : 'no files',
  })
}

/** Brings the files of these that the main one lists. */
export function besideFiles(files: CheckpointFiles, main: string, options: SourceOptions): Siblings {
  const named = namedFiles(files)
  const folder = main.replace(/[^/]*$/, '')
  return (path) => {
    const found = named.get(folder + path) ?? named.get(path)
    if (found) return bytesOf(found, options)
    throw new CheckpointError({
      subject: quote(main),
      expected: `the file ${quote(path)} among those given`,
      found: firstOf([...named.keys()].map(quote)),
    })
  }
}

function namedFiles(files: CheckpointFiles): ReadonlyMap<string, Blob | ArrayBuffer | Uint8Array> {
  return Array.isArray(files)
    ? new Map(files.map((file: File) => [file.name, file]))
    : (files as Exclude<CheckpointFiles, readonly File[]>)
}
