import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { names } from '../app/names.js'
import { colorSchemes, pictureName, scenes, screens } from './pictures.mjs'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const pictures = Object.keys(screens).flatMap((screen) =>
  colorSchemes.flatMap((colorScheme) => scenes.map((scene) => pictureName(scene, screen, colorScheme))),
)

test('every page of the site is pictured', () => {
  expect(scenes).toEqual(expect.arrayContaining(Object.keys(names)))
})

test('docs/screenshots has the pictures of the list, and no other: pnpm renew --only screenshots', () => {
  expect(readdirSync(join(root, 'docs/screenshots')).sort()).toEqual([...pictures].sort())
})

test('each has the width of its screen, in pixels of CSS', () => {
  for (const [screen, { viewport }] of Object.entries(screens)) {
    for (const scene of scenes) {
      for (const colorScheme of colorSchemes) {
        const name = pictureName(scene, screen, colorScheme)
        expect(widthOf(readFileSync(join(root, 'docs/screenshots', name))), name).toBe(viewport?.width)
      }
    }
  }
})

test('READMEs show pictures of the list', () => {
  for (const file of ['README.md', 'apps/web/README.md']) {
    const shown = [...readFileSync(join(root, file), 'utf8').matchAll(/docs\/screenshots\/([^"]+)"/g)]
    expect(shown.length, file).toBeGreaterThan(0)
    expect(pictures).toEqual(expect.arrayContaining(shown.map(([, name]) => name)))
  }
})

/** A WebP file is a RIFF header, then a chunk `VP8X` with the picture's size, or a chunk `VP8 ` with a frame that has it. */
function widthOf(picture: Buffer): number {
  const format = picture.toString('latin1', 12, 16)
  if (format === 'VP8X') return 1 + picture.readUIntLE(24, 3)
  expect(format).toBe('VP8 ')
  return picture.readUInt16LE(26) & 0x3fff
}
