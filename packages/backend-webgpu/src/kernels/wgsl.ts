import { type ActivationKind, activationKinds } from '@resnet-ts/graph'

/** How many channels, side by side in memory, an element of a buffer has: 4 where they come in fours. */
export type Components = 1 | 4

export function componentsOf(channels: number): Components {
  return channels % 4 === 0 ? 4 : 1
}

export function vector(components: Components): string {
  return components === 4 ? 'vec4<f32>' : 'f32'
}

/** What the uniform `activation` is for a kind; 0 for none. */
export function activationNumber(kind: ActivationKind | null): number {
  return kind === null ? 0 : activationKinds.indexOf(kind) + 1
}

/**
 * `fn activate(x: T) -> T`, of four values or one, by the uniform `activation`: one shader does for all, since to compile
 * one takes longer than to ask. Comparisons let NaN pass, which `max` need not; the exponential stays finite, as WGSL
 * wants.
 */
export function activationFunction(components: Components): string {
  const type = vector(components)
  return `fn activate(x: ${type}) -> ${type} {
    switch (uniforms.activation) {
      ${activationKinds.map((kind) => `case ${activationNumber(kind)} { return ${expressionOf(kind, type)}; }`).join('\n')}
      default { return x; }
    }
  }`
}

function expressionOf(kind: ActivationKind, type: string): string {
  const rectified = `select(x, ${type}(0.0), x < ${type}(0.0))`
  const logistic = `${type}(1.0) / (${type}(1.0) + exp(min(-x, ${type}(88.0))))`
  switch (kind) {
    case 'relu':
      return rectified
    case 'relu6':
      return `select(${rectified}, ${type}(6.0), x > ${type}(6.0))`
    case 'leakyRelu':
      return `select(x, ${type}(0.01) * x, x < ${type}(0.0))`
    case 'silu':
      return `x * (${logistic})`
    case 'sigmoid':
      return logistic
    default:
      return kind satisfies never
  }
}

/** Repeats WGSL for the numbers from 0 up to `count`, one line each. */
export function each(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}
