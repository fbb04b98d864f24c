import { sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** The product of two values of the same shape, or of a map and a gate `[n, 1, 1, c]`. */
export const multiply: Kernel = ([map, gate], shape) => {
  const image = sizeOf(shape.slice(1))
  const channels = shape.at(-1) as number
  const isGate = gate.data.length < map.data.length
  return map.data.map((value, index) => {
    const at = isGate ? Math.floor(index / image) * channels + (index % channels) : index
    return value * gate.data[at]
  })
}
