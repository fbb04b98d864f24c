import { type Program, workgroupIndex } from '../../program.js'
import { type ConvolutionForm, epilogueUniforms, finishFunction, inputsOf, keyOf, weightFunction } from './epilogue.js'

/** Fours of filters of a workgroup, and threads that share the depth of each. */
const columns = 16
const lanes = 16

const rowsUniforms = [
  'places',
  'channels',
  'groups',
  'filters',
  'filters4',
  'columnTiles',
  ...epilogueUniforms,
] as const

/**
 * A product of few rows with a matrix: a linear layer, or a pointwise convolution of pooled values. What counts is how
 * fast the weights come, each of which is used once a row; so many threads share each sum. There is one group.
 */
export function rowsProgram(form: Omit<ConvolutionForm, 'inComponents'>): Program {
  const whole: ConvolutionForm = { ...form, inComponents: 1 }
  return {
    key: `rows ${keyOf(whole)}`,
    inputs: inputsOf(whole),
    outputComponents: form.outComponents,
    uniforms: rowsUniforms,
    workgroupSize: [columns, lanes, 1],
    code: `
      ${weightFunction(whole)}
      ${workgroupIndex}
      ${finishFunction(whole)}
      var<workgroup> sums: array<array<vec4<f32>, ${columns}>, ${lanes}>;
      fn main(index: i32) {
        let column = i32(localId.x);
        let lane = i32(localId.y);
        let filter4 = workgroupIndex() % uniforms.columnTiles * ${columns} + column;
        let place = workgroupIndex() / uniforms.columnTiles;
        let isThere = filter4 < uniforms.filters4 && place < uniforms.places;
        var sum = vec4<f32>(0.0);
        if (isThere) {
          for (var channel = lane; channel < uniforms.channels; channel += ${lanes}) {
            let input = x[place * uniforms.channels + channel];
            sum += input * vec4<f32>(weightAt(channel * uniforms.filters4 + filter4));
          }
        }
        sums[lane][column] = sum;
        workgroupBarrier();
        if (lane > 0 || !isThere) { return; }
        for (var other = 1; other < ${lanes}; other++) { sum += sums[other][column]; }
        finish(sum, place, 0, filter4);
      }`,
  }
}

/** How many workgroups make up a row. */
export function columnTilesOf(filters4: number): number {
  return Math.ceil(filters4 / columns)
}
