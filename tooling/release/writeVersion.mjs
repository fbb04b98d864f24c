/**
 * Writes resnet-ts's version into its source, where a page can read it. Part of `pnpm release:version`; a test of resnet-ts
 * fails where the two differ.
 */

import { readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('../../packages/resnet-ts/', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
const file = new URL('src/version.ts', folder)
const source = readFileSync(file, 'utf8')
const written = source.replace(/(?<=version = ')[^']*/, version)
if (!written.includes(`version = '${version}'`)) throw new Error(`${file.pathname}: found no version to replace`)
writeFileSync(file, written)
