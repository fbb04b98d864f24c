import { existsSync, readFileSync } from 'node:fs'
import { goldenTensor } from '@resnet-ts/golden'
import { expect } from 'vitest'
import type { Checkpoint } from '../checkpoint.js'

/** A small file that the library of its format wrote (tooling/golden/make_*_checkpoints). */
export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
}

export function fixtureUrl(name: string): URL {
  const url = new URL(`../../fixtures/${name}`, import.meta.url)
  if (!existsSync(url)) throw new Error(`there is no ${url}`)
  return url
}

/** The tiny network's parameters, in PyTorch's names and order; their values are `goldenTensor`'s. */
export const tinyShapes: ReadonlyMap<string, readonly number[]> = new Map([
  ['conv1.weight', [4, 3, 3, 3]],
  ['bn1.weight', [4]],
  ['bn1.bias', [4]],
  ['bn1.running_mean', [4]],
  ['bn1.running_var', [4]],
  ['fc.weight', [5, 4]],
  ['fc.bias', [5]],
])

/** That a checkpoint holds the tiny network, bit for bit, each key after `prefix`. */
export function expectTiny(checkpoint: Checkpoint, { prefix = '', add = 0 } = {}): void {
  for (const [key, shape] of tinyShapes) {
    const tensor = checkpoint.tensors.get(prefix + key)
    expect(tensor?.shape, key).toEqual(shape)
    const expected = goldenTensor(key, shape).map((value) => value + add)
    expect(bitsOf(tensor!.read()), key).toEqual(bitsOf(expected))
  }
}

export function bitsOf(values: Float32Array): number[] {
  return [...new Uint32Array(values.buffer, values.byteOffset, values.length)]
}
