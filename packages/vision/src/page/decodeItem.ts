import { readHeader } from '../header.js'
import type { Signal } from '../source.js'
import type { Wanted } from '../wanted.js'
import { Helper } from './helper.js'
import { decodeInPlace, type Item } from './item.js'

// Smaller images are read in a few milliseconds, sooner than a worker would start.
const mostPixelsInPlace = 2 ** 18
const mostBytesInPlace = 2 ** 18

const helper = /* @__PURE__ */ new Helper()

/** Decodes an item and makes of it what is wanted: in the page's worker when it is large and there can be one. */
export async function decodeItem<Result>(
  item: Item,
  wanted: Wanted<Result>,
  signal: Signal | undefined,
): Promise<Result> {
  if (isLarge(item)) {
    const answer = await helper.ask(item, wanted.config, signal)
    // The worker made of it what `wanted` says.
    if (answer) return answer.result as Result
  }
  return wanted.make(await decodeInPlace(item, signal))
}

/** Whether reading an image of this size would hold up a page. */
export function holdsUpPage({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return typeof document !== 'undefined' && width * height > mostPixelsInPlace
}

function isLarge(item: Item): boolean {
  if (typeof document === 'undefined') return false
  if (item.kind === 'picture') return holdsUpPage(item)
  if (item.bytes.length > mostBytesInPlace) return true
  const size = readHeader(item.bytes)?.size
  return size === undefined || holdsUpPage(size)
}
