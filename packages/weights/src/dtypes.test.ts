import { expect, test } from 'vitest'
import { storedBytes } from './dtypes.js'

test.each([
  [{ dtype: 'F32', shape: [64, 3, 7, 7] }, 4 * 9408],
  [{ dtype: 'BF16', shape: [10] }, 20],
  [{ dtype: 'I64', shape: [] }, 8],
  [{ dtype: 'F4', shape: [3] }, 2],
  [{ dtype: 'F32', quantized: 'U8', shape: [10] }, 10],
  [{ dtype: 'string', shape: [10] }, undefined],
])('%j is stored in %j bytes', (tensor, bytes) => {
  expect(storedBytes(tensor)).toBe(bytes)
})
