import type { Program } from '../../program.js'
import { activationFunction, type Components, each, vector } from '../wgsl.js'
import { epilogueUniforms } from './epilogue.js'

/** Neighbouring places of a row that a thread computes, for which it reads each weight once. */
const strip = 4

export const groupedThreads = 64

/**
 * What a thread multiplies: `fours`, four channels of a group with four of its filters; `depthwise`, four channels with
 * a filter each; `single`, one with one, which takes anything.
 */
export type GroupedKind = 'fours' | 'depthwise' | 'single'

const groupedUniforms = [
  ...['images', 'height', 'width', 'channels', 'outHeight', 'outWidth', 'strips'],
  ...['strideY', 'strideX', 'paddingY', 'paddingX', 'dilationY', 'dilationX', 'kernelY', 'kernelX'],
  ...['groupChannels', 'filters', 'groupFilters'],
  ...epilogueUniforms,
] as const

export const groupedComponents = (kind: GroupedKind): Components => (kind === 'single' ? 1 : 4)

export function stripsOf(outWidth: number): number {
  return Math.ceil(outWidth / strip)
}

/**
 * Convolution in groups of few channels, as it is defined: there is not enough in a group to share among threads.
 * `channels`, `groupChannels`, `filters` (of all groups) and `groupFilters` are counted in elements of the buffers.
 */
export function groupedProgram(kind: GroupedKind): Program {
  const components = groupedComponents(kind)
  const type = vector(components)
  return {
    key: `grouped ${kind}`,
    inputs: ['x', 'weight', 'bias', 'residual'].map((name) => ({ name, components })),
    outputComponents: components,
    uniforms: groupedUniforms,
    workgroupSize: [groupedThreads, 1, 1],
    code: `
      ${activationFunction(components)}
      fn main(index: i32) {
        let ownFilter = index % uniforms.filters;
        let strips = index / uniforms.filters;
        let firstColumn = strips % uniforms.strips * ${strip};
        let row = strips / uniforms.strips % uniforms.outHeight;
        let image = strips / (uniforms.strips * uniforms.outHeight);
        if (image >= uniforms.images) { return; }
        let firstChannel = ownFilter / uniforms.groupFilters * uniforms.groupChannels;
        ${each(strip, (place) => `var sum${place} = ${type}(0.0);`)}
        for (var tapRow = 0; tapRow < uniforms.kernelY; tapRow++) {
          let inRow = row * uniforms.strideY - uniforms.paddingY + tapRow * uniforms.dilationY;
          if (inRow < 0 || inRow >= uniforms.height) { continue; }
          let start = (image * uniforms.height + inRow) * uniforms.width;
          for (var tapColumn = 0; tapColumn < uniforms.kernelX; tapColumn++) {
            let tap = tapRow * uniforms.kernelX + tapColumn;
            let left = firstColumn * uniforms.strideX - uniforms.paddingX + tapColumn * uniforms.dilationX;
            for (var channel = 0; channel < uniforms.groupChannels; channel++) {
              ${weightsOf(kind)}
              ${each(
                strip,
                (place) => `{
                let inColumn = left + ${place} * uniforms.strideX;
                if (inColumn >= 0 && inColumn < uniforms.width) {
                  let value = x[(start + inColumn) * uniforms.channels + firstChannel + channel];
                  sum${place} += ${productOf(kind)};
                }
              }`,
              )}
            }
          }
        }
        let out = ((image * uniforms.outHeight + row) * uniforms.outWidth + firstColumn) * uniforms.filters + ownFilter;
        ${each(
          strip,
          (place) => `if (firstColumn + ${place} < uniforms.outWidth) {
          let at = out + ${place} * uniforms.filters;
          var value = sum${place} + bias[ownFilter];
          if (uniforms.hasResidual != 0) { value += residual[at]; }
          result[at] = activate(value);
        }`,
        )}
      }`,
  }
}

function weightsOf(kind: GroupedKind): string {
  if (kind !== 'fours')
    return 'let factor = weight[(tap * uniforms.groupChannels + channel) * uniforms.filters + ownFilter];'
  return `
    let level = (tap * uniforms.groupChannels + channel) * 4;
    ${each(4, (part) => `let factor${part} = weight[(level + ${part}) * uniforms.filters + ownFilter];`)}`
}

function productOf(kind: GroupedKind): string {
  return kind === 'fours'
    ? 'value.x * factor0 + value.y * factor1 + value.z * factor2 + value.w * factor3'
    : 'value * factor'
}
