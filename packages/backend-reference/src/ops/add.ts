import type { Kernel } from '../kernel.js'

/** The sum of two values of the same shape. */
export const add: Kernel = ([left, right]) => left.data.map((value, index) => value + right.data[index])
