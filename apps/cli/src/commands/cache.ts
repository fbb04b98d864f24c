import { type CachedFile, cachePlaces, clearCache, HubError, type Verdict, verifyCached } from '@resnet-ts/weights'
import { type CachedModel, cachedName, findCached } from '../cached.js'
import type { Context } from '../context.js'
import { confirm } from '../output/confirm.js'
import { startProgress } from '../output/progress.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { byteSize, exact } from '../output/units.js'

export interface CacheArguments {
  readonly json?: boolean
}

export interface ClearArguments extends CacheArguments {
  readonly yes?: boolean
}

/** `resnet cache list [model]` */
export async function listCached(name: string | undefined, { json }: CacheArguments, context: Context): Promise<void> {
  const models = await findCached(name, context.signal)
  if (json) {
    context.print(
      JSON.stringify(
        models.flatMap(({ name: model, files }) => files.map(documentOf(model))),
        undefined,
        2,
      ),
    )
    return
  }
  const { bold } = context.colours
  if (models.length > 0) {
    const [heading, ...lines] = name === undefined ? tableOfModels(models) : tableOfFiles(models[0]!.files)
    context.print([bold(heading!), ...lines, ''].join('\n'))
  }
  const { hub, torch } = cachePlaces()
  context.print(`${describeTotal(models)} in ${printable(hub)} and ${printable(torch)}`)
}

/** `resnet cache verify [model]` */
export async function verifyFiles(name: string | undefined, { json }: CacheArguments, context: Context): Promise<void> {
  const models = await findCached(name, context.signal)
  const files = models.flatMap((model) => model.files.map((file) => ({ model: model.name, file })))
  const results: { readonly model: string; readonly file: CachedFile; readonly verdict: Verdict }[] = []
  const progress = startProgress(files.length)
  try {
    for (const { model, file } of files) {
      results.push({ model, file, verdict: await verifyCached(file, { signal: context.signal }) })
      progress.advance(1)
    }
  } finally {
    progress.stop()
  }
  if (json) {
    const document = results.map(({ model, file, verdict }) => ({ ...documentOf(model)(file), verdict }))
    context.print(JSON.stringify(document, undefined, 2))
  } else if (results.length > 0) {
    const rows = results.map(({ model, file, verdict }) => [
      verdict,
      printable(model),
      printable(file.path),
      sizeOf(file),
    ])
    context.print(table(rows, ['left', 'left', 'left', 'right']).join('\n'))
  }
  for (const { model, file } of results.filter(({ verdict }) => verdict === 'damaged'))
    context.fail(damaged(model, file))
}

/** `resnet cache clear [model]` */
export async function clearModels(
  name: string | undefined,
  { yes, json }: ClearArguments,
  context: Context,
): Promise<void> {
  const { signal } = context
  if (name === undefined && !yes && !(await isConfirmed(context))) return context.note('nothing was removed')
  const bytes = await clearCache(name === undefined ? undefined : cachedName(name), { signal })
  if (json) context.print(JSON.stringify({ bytes }, undefined, 2))
  else context.print(bytes === 0 ? 'nothing was there' : `removed ${byteSize(bytes)}`)
}

/** @throws {OptionError} where nobody can be asked */
async function isConfirmed(context: Context): Promise<boolean> {
  const models = await findCached(undefined, context.signal)
  if (models.length === 0) return false
  context.note(tableOfModels(models).join('\n'))
  return confirm(`Remove ${describeTotal(models)}, those that Python put there too?`, context.signal)
}

function tableOfModels(models: readonly CachedModel[]): string[] {
  const rows = models.map(({ name, files, size }) => [
    printable(name),
    exact(files.length),
    byteSize(size),
    [...new Set(files.flatMap(({ revisions }) => revisions))].join(', '),
  ])
  return table([['model', 'files', 'size', 'revisions'], ...rows], ['left', 'right', 'right', 'left'])
}

function tableOfFiles(files: readonly CachedFile[]): string[] {
  const rows = files.map((file) => [printable(file.path), sizeOf(file), printable(file.location)])
  return table([['file', 'size', 'location'], ...rows], ['left', 'right', 'left'])
}

function describeTotal(models: readonly CachedModel[]): string {
  const size = byteSize(models.reduce((sum, model) => sum + model.size, 0))
  return `${exact(models.length)} ${models.length === 1 ? 'model' : 'models'}, ${size}`
}

function sizeOf({ size }: CachedFile): string {
  return size === undefined ? 'missing' : byteSize(size)
}

function documentOf(model: string) {
  return ({ commit, revisions, path, size, location }: CachedFile) => ({
    model,
    commit: commit ?? null,
    revisions,
    file: path,
    size: size ?? null,
    location,
  })
}

function damaged(model: string, { path }: CachedFile): HubError {
  return new HubError(
    {
      subject: `'${model}', file '${path}'`,
      expected: 'content of the digest that is its name',
      found: 'other content, or none',
      advice: `run: resnet cache clear ${model}, and download it again`,
    },
    { kind: 'corrupt' },
  )
}
