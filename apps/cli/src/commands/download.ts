import type { FetchedFile } from '@resnet-ts/weights'
import { download } from 'resnet-ts'
import type { Context } from '../context.js'
import { withDownloads } from '../output/downloads.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { byteSize } from '../output/units.js'

export interface DownloadArguments {
  readonly json?: boolean
}

/** `resnet download <model...>` */
export async function downloadModels(
  names: readonly string[],
  { json }: DownloadArguments,
  context: Context,
): Promise<void> {
  const { signal } = context
  const downloaded: { readonly model: string; readonly files: readonly FetchedFile[] }[] = []
  for (const model of names) {
    try {
      const files = await withDownloads(context, (onProgress) => download(model, { signal, onProgress }))
      downloaded.push({ model, files })
      if (files.length === 0) context.note(`the weights of '${printable(model)}' come with the command`)
    } catch (error) {
      signal.throwIfAborted()
      context.fail(error)
    }
  }
  if (json) {
    const document = downloaded.map(({ model, files }) => ({
      model,
      files: files.map(({ path, size, location }) => ({ file: path, size, location })),
    }))
    context.print(JSON.stringify(document, undefined, 2))
    return
  }
  const rows = downloaded.flatMap(({ model, files }) =>
    files.map(({ size, location = '' }) => [printable(model), byteSize(size), printable(location)]),
  )
  if (rows.length > 0) context.print(table(rows, ['left', 'right', 'left']).join('\n'))
}
