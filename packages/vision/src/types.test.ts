import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// What an application sees is what is built: these compile users of the declarations in dist, checking those too.
const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', `file://${packageFolder}`))

const anywhere = `
import { decode, preprocessBatch, type RgbImage } from '@resnet-ts/vision'
import { imagenetPreprocess } from '@resnet-ts/graph'
const raw: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) }
export const images: Promise<RgbImage>[] = [
  decode('cat.jpg'),
  decode(raw),
  decode(new Uint8Array(3)),
  decode(new ArrayBuffer(3)),
  decode({ href: 'https://example.test/cat.jpg' }),
  decode({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
]
export const batch: Float32Array = preprocessBatch([raw], imagenetPreprocess).data
// @ts-expect-error a number is no image
decode(42)
// @ts-expect-error nor is any object
decode({ width: 1, height: 1 })
`
const inNode = `
import { readFile } from 'node:fs/promises'
decode(await readFile('cat.jpg'), { signal: AbortSignal.timeout(1000) })
decode(new URL('https://example.test/cat.jpg'), { fetch })
decode('https://example.test/cat.jpg', { fetch: (url, init) => fetch(url, { ...init, headers: { accept: 'image/*' } }) })
decode(new Blob([]))
`
const inPage = `
const options = { signal: new AbortController().signal, fetch }
declare const video: HTMLVideoElement, frame: VideoFrame, bitmap: ImageBitmap, file: File
decode(document.createElement('canvas'), options)
decode(new OffscreenCanvas(1, 1), options)
decode(new Image(), options)
decode(new ImageData(1, 1), options)
decode(video)
decode(frame)
decode(bitmap)
decode(file)
decode(new URL('https://example.test/cat.jpg'))
// @ts-expect-error a paragraph has no pixels
decode(document.createElement('p'))
`

describe('the declarations', () => {
  let folder: string
  beforeAll(async () => {
    // Inside the package, so that it finds itself, and its dependencies, by name.
    await mkdir(join(packageFolder, '.vitest'), { recursive: true })
    folder = await mkdtemp(join(packageFolder, '.vitest', 'types-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['no platform at all', anywhere, { lib: ['ES2022'], types: [] }],
    ['Node', anywhere + inNode, { lib: ['ES2022'], types: ['node'] }],
    ['a page', anywhere + inPage, { lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] }],
    ['both', anywhere + inNode, { lib: ['ES2022', 'DOM'], types: ['node'] }],
  ])('are sound where there is %s', async (_, source, options) => {
    await writeFile(join(folder, 'user.ts'), source)
    const compilerOptions = {
      ...options,
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }))
    expect(compile(folder)).toBe('')
  })
})

/** What the compiler complains of, but for what it says of other packages. */
function compile(folder: string): string {
  try {
    execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8', stdio: 'pipe' })
    return ''
  } catch (error) {
    const { stdout } = error as { stdout: string }
    return stdout
      .split('\n')
      .filter((line) => !line.startsWith('../graph/'))
      .join('\n')
  }
}
