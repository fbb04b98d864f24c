import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/**
 * A reader of `data/NAME.json.br` that reads it once, when it is first called.
 *
 * The type is the caller's word: the data files are made by `repack.mjs` and are not checked again here.
 */
export function dataFile<T>(name: string): () => T {
  return once(() => {
    const packed = readFileSync(new URL(`../data/${name}.json.br`, import.meta.url))
    return JSON.parse(brotliDecompressSync(packed).toString('utf8')) as T
  })
}

/** `make`, called at most once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** The little-endian float32 values that `base64` encodes. */
export function decodeFloats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  const values = new Float32Array(bytes.length / 4)
  for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(i * 4)
  return values
}
