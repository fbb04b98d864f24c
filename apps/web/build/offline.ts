import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Where the service worker has the list of what it keeps. */
const placeholder = '__KEPT__'

/** Files that servers read, and pages do not. */
const unseen = ['_headers', 'serviceWorker.js']

/** Tells the service worker all files of the site, and a version that changes with any of them. */
export function offline(publicFolder: string): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const digest = createHash('sha256')
      const files = new Map<string, string | Uint8Array>()
      for (const file of Object.values(bundle)) {
        if (unseen.includes(file.fileName) || file.fileName.endsWith('.map')) continue
        files.set(file.fileName, file.type === 'chunk' ? file.code : file.source)
      }
      for (const name of readdirSync(publicFolder)) files.set(name, readFileSync(join(publicFolder, name)))
      for (const name of [...files.keys()].sort()) digest.update(name).update(files.get(name)!)
      const worker = bundle['serviceWorker.js']
      if (worker?.type !== 'chunk' || !worker.code.includes(placeholder)) {
        throw new Error(`serviceWorker.js has no ${placeholder}`)
      }
      const kept = JSON.stringify({ version: digest.digest('hex').slice(0, 16), files: [...files.keys()].sort() })
      worker.code = worker.code.replace(placeholder, () => kept)
    },
  }
}
