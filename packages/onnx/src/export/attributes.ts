import type { OnnxAttribute } from '../model.js'

/** A whole number as an attribute. */
export function int(value: number): OnnxAttribute {
  return { type: 'int', value }
}

/** Whole numbers as an attribute. */
export function ints(...value: readonly number[]): OnnxAttribute {
  return { type: 'ints', value }
}

/** A float as an attribute. */
export function float(value: number): OnnxAttribute {
  return { type: 'float', value }
}

/** A string as an attribute. */
export function text(value: string): OnnxAttribute {
  return { type: 'string', value }
}
