import type { Shape } from '@resnet-ts/graph'

/** A checkpoint's keys and shapes, in PyTorch's names and order of axes. */
export type KeyShapes = ReadonlyMap<string, Shape>

export const classifier = /^(head\.)?fc\.weight$/
export const firstConvolution = /^(stem\.)?conv1?(\.0)?\.weight$/

/**
 * A hash of a network's convolutions and other weights of more than one axis: their keys and shapes, but for the
 * classifier and the channels of the image, which are options. Norms do not count, so that a checkpoint has the same
 * without them.
 */
export function signatureOf(shapes: KeyShapes): number {
  const lines = [...shapes]
    .filter(([key, shape]) => shape.length >= 2 && key.endsWith('.weight') && !classifier.test(key))
    .map(([key, [out, input, ...kernel]]) => [key, out, firstConvolution.test(key) ? '*' : input, ...kernel].join())
  return fnv1a(lines.sort().join(';'))
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
