import type { ActivationKind } from '@resnet-ts/graph'
import type { ProgramInput } from '../../program.js'
import { activationFunction, type Components } from '../wgsl.js'

/** What programs of convolutions have in common besides their sums. */
export interface ConvolutionForm {
  /** Channels side by side in the input. */
  readonly inComponents: Components
  /** Channels side by side in the result, and in the residual. */
  readonly outComponents: Components
  readonly f16: boolean
  readonly bias: boolean
  readonly residual: boolean
  readonly activation: ActivationKind | null
}

export function keyOf({ inComponents, outComponents, f16, bias, residual, activation }: ConvolutionForm): string {
  const words = [inComponents, outComponents, f16 ? 'f16' : 'f32', bias, residual, activation ?? 'linear']
  return words.join(' ')
}

/** The buffers that are read, in the order in which they are given. */
export function inputsOf({ inComponents, outComponents, f16, bias, residual }: ConvolutionForm): ProgramInput[] {
  return [
    { name: 'x', components: inComponents },
    { name: 'weight', components: f16 ? 2 : 4 },
    ...(bias ? [{ name: 'bias', components: 4 } as const] : []),
    ...(residual ? [{ name: 'residual', components: outComponents } as const] : []),
  ]
}

/** `T` and `T4`, what is multiplied, and `weightAt(index)`, four filters' weights. */
export function weightFunction({ f16 }: ConvolutionForm): string {
  if (!f16) {
    return `
    alias T = f32;
    alias T4 = vec4<f32>;
    fn weightAt(index: i32) -> T4 { return weight[index]; }`
  }
  return `
    enable f16;
    alias T = f16;
    alias T4 = vec4<f16>;
    fn weightAt(index: i32) -> T4 { return bitcast<vec4<f16>>(weight[index]); }`
}

/**
 * `finish(sum, place, group, filter4)`: adds the bias, and the residual, applies the activation, and writes four
 * filters of a place: those of a group from the `4 · filter4`-th on. It needs the uniforms `filters` and `filters4` of
 * a group, and `groups`.
 */
export function finishFunction({ outComponents, bias, residual, activation }: ConvolutionForm): string {
  const biased = `sum${bias ? ' + bias[group * uniforms.filters4 + filter4]' : ''}`
  if (outComponents === 4) {
    return `
    ${activationFunction(activation, 4)}
    fn finish(sum: vec4<f32>, place: i32, group: i32, filter4: i32) {
      let at = (place * uniforms.groups + group) * uniforms.filters4 + filter4;
      result[at] = activate(${biased}${residual ? ' + residual[at]' : ''});
    }`
  }
  return `
    ${activationFunction(activation, 1)}
    fn finish(sum: vec4<f32>, place: i32, group: i32, filter4: i32) {
      let biased = ${biased};
      for (var part = 0; part < min(4, uniforms.filters - 4 * filter4); part++) {
        let at = (place * uniforms.groups + group) * uniforms.filters + 4 * filter4 + part;
        result[at] = activate(biased[part]${residual ? ' + residual[at]' : ''});
      }
    }`
}
