import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Place } from '../../race/runner.js'
import { installedFolder } from '../folders.js'

/** A process of Node. */
export const place: Place = {
  runtime: 'node',
  async versionOf(packageName) {
    const manifest = await readFile(join(installedFolder(packageName), 'package.json'), 'utf8')
    return (JSON.parse(manifest) as { version: string }).version
  },
  filesOf: (packageName) => `${pathToFileURL(installedFolder(packageName)).href}/`,
  async publish(files) {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-bench-'))
    for (const [path, content] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    return { location: `${folder}/`, remove: () => rm(folder, { recursive: true, force: true }) }
  },
}
