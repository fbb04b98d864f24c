import type { Epilogue } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { ProgramInput } from '../../program.js'
import { activationFunction, activationNumber, type Components } from '../wgsl.js'

/** What tells programs of convolutions apart, besides how they come to their sums. */
export interface ConvolutionForm {
  /** Channels side by side in the input. */
  readonly inComponents: Components
  /** Channels side by side in the result, and in the residual. */
  readonly outComponents: Components
  readonly f16: boolean
}

export function keyOf({ inComponents, outComponents, f16 }: ConvolutionForm): string {
  return [inComponents, outComponents, f16 ? 'f16' : 'f32'].join(' ')
}

/** The buffers that are read, in the order in which they are given. */
export function inputsOf({ inComponents, outComponents, f16 }: ConvolutionForm): ProgramInput[] {
  return [
    { name: 'x', components: inComponents },
    { name: 'weight', components: f16 ? 2 : 4 },
    { name: 'bias', components: 4 },
    { name: 'residual', components: outComponents },
  ]
}

/** What `inputsOf` lists. Without a residual some buffer has to be there all the same, which nobody reads. */
export function inputTensors(inputs: readonly Tensor[], weight: Tensor, bias: Tensor): Tensor[] {
  const [x, residual = bias] = inputs
  return [x, weight, bias, residual]
}

/** The uniforms of an epilogue. */
export const epilogueUniforms = ['hasResidual', 'activation'] as const

export function valuesOfEpilogue(epilogue: Epilogue | undefined) {
  return {
    hasResidual: Number(epilogue?.residual ?? false),
    activation: activationNumber(epilogue?.activation ?? null),
  }
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
 * a group, `groups`, and those of an epilogue.
 */
export function finishFunction({ outComponents }: ConvolutionForm): string {
  return `
    ${activationFunction(outComponents)}
    fn finish(sum: vec4<f32>, place: i32, group: i32, filter4: i32) {
      let biased = sum + bias[group * uniforms.filters4 + filter4];
      ${outComponents === 4 ? writeFour : writeEach}
    }`
}

const writeFour = `
      let at = (place * uniforms.groups + group) * uniforms.filters4 + filter4;
      if (uniforms.hasResidual == 0) { result[at] = activate(biased); return; }
      result[at] = activate(biased + residual[at]);`

const writeEach = `
      for (var part = 0; part < min(4, uniforms.filters - 4 * filter4); part++) {
        let at = (place * uniforms.groups + group) * uniforms.filters + 4 * filter4 + part;
        var value = biased[part];
        if (uniforms.hasResidual != 0) { value += residual[at]; }
        result[at] = activate(value);
      }`
