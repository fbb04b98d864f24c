import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './turbo.mjs'

/** Where Chromium and Chrome are usually installed. The first is Chromium without windows, which opens pages in a third of the time. */
const browsers = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

/** @returns {string | undefined} the browser of the browser tests: the one that CHROMIUM names, else the first installed */
export function findChromium() {
  return (process.env.CHROMIUM ? [process.env.CHROMIUM] : browsers).find((path) => existsSync(path))
}

/**
 * What tests may depend on beyond the files of the clone, in words. It is part of the key under which their results are kept, so
 * that a pass, or a skip, is never shown where it did not happen.
 */
export function describeEnvironment() {
  const chromium = findChromium()
  const paths = [chromium, process.env.RESNET_TS_DATA, resolve(root, '..', 'shared')].filter(
    (path) => path !== undefined,
  )
  const files = createHash('sha256')
    .update(JSON.stringify(paths.flatMap(describeFiles)))
    .digest('hex')
  return `node ${process.version}, ${process.platform} ${process.arch}, ${chromium ?? 'no Chromium'}, files ${files}`
}

/**
 * @param {string} path a file or folder
 * @returns {string[]} every file in it with its size and date; nothing when there is nothing
 */
function describeFiles(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isDirectory()) return readdirSync(path).flatMap((name) => describeFiles(join(path, name)))
  return [`${path} ${stat.size} ${stat.mtimeMs}`]
}

// `node environment.mjs`: prints the browser's path, and fails when there is none.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const chromium = findChromium()
  if (chromium) console.log(chromium)
  else process.exitCode = 1
}
