import { afterEach, expect, test, vi } from 'vitest'
import { decodeBase64 } from './base64.js'
import { readInstalled } from './file.js'
import { file } from './generated/file.js'
import { base64 } from './generated/weights.js'

afterEach(() => vi.unstubAllGlobals())

test('the file in the package and the text in the code hold the same', async () => {
  const installed = await readInstalled(file.path, file.bytes)
  expect(installed).toHaveLength(file.bytes)
  expect(Buffer.compare(installed!, decodeBase64(base64))).toBe(0)
})

test.each([
  ['of another length', file.path, file.bytes + 1],
  ['that is not there', '../weights/none', file.bytes],
])('a file %s is none', async (_, path, length) => {
  expect(await readInstalled(path, length)).toBeUndefined()
})

test('a page has no files', async () => {
  vi.stubGlobal('process', undefined)
  expect(await readInstalled(file.path, file.bytes)).toBeUndefined()
})
