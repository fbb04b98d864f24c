import type { Kernel } from '@resnet-ts/backend-tfjs'
import {
  type AvgPoolAttributes,
  type BlurPoolAttributes,
  blurFilter,
  blurPadding,
  type MaxPoolAttributes,
  type Shape,
} from '@resnet-ts/graph'
import type { Context } from './context.js'
import { runElementwise } from './elementwise.js'
import { reflection } from './moves.js'
import { type Components, componentsOf, vector } from './wgsl.js'

/** The element's channel, and the place in the input at which its window starts, which may be outside. */
const window = `
  let channel = index % uniforms.channels;
  let left = index / uniforms.channels % uniforms.width * uniforms.strideX - uniforms.paddingX;
  let top = index / (uniforms.channels * uniforms.width) % uniforms.height * uniforms.strideY - uniforms.paddingY;
  let image = index / (uniforms.channels * uniforms.width * uniforms.height);`

const windowUniforms = [
  ...['height', 'width', 'channels', 'inHeight', 'inWidth'],
  ...['strideY', 'strideX', 'paddingY', 'paddingX', 'kernelY', 'kernelX'],
]

function uniformsOf(
  { kernel, stride, padding }: MaxPoolAttributes,
  components: Components,
  [, inHeight, inWidth]: Shape,
  [, height, width, channels]: Shape,
) {
  return {
    ...{ height, width, channels: channels / components, inHeight, inWidth },
    ...{ strideY: stride[0], strideX: stride[1], paddingY: padding[0], paddingX: padding[3] },
    ...{ kernelY: kernel[0], kernelX: kernel[1] },
  }
}

/** Goes over what of the window lies within the map. */
function overWindow(body: string): string {
  return `
    for (var row = max(top, 0); row < min(top + uniforms.kernelY, uniforms.inHeight); row++) {
      for (var column = max(left, 0); column < min(left + uniforms.kernelX, uniforms.inWidth); column++) {
        let value = x[((image * uniforms.inHeight + row) * uniforms.inWidth + column) * uniforms.channels + channel];
        ${body}
      }
    }`
}

export function maxPool(attributes: MaxPoolAttributes, context: Context): Kernel {
  return ([x], shape) => {
    const components = componentsOf(shape[3])
    const form = {
      name: 'maxPool',
      inputs: ['x'],
      expression: 'pooled(index)',
      uniforms: windowUniforms,
      functions: `
        fn pooled(index: i32) -> ${vector(components)} {
          ${window}
          var most = ${vector(components)}(-3.4028234e38);
          ${overWindow('most = max(most, value);')}
          return most;
        }`,
    }
    return runElementwise(context, form, components, [x], shape, uniformsOf(attributes, components, x.shape, shape))
  }
}

/** The sum of what lies within the map, by how many places count: with the padding, but never beyond it, or without. */
export function avgPool(attributes: AvgPoolAttributes, context: Context): Kernel {
  const { countIncludePad, padding } = attributes
  return ([x], shape) => {
    const components = componentsOf(shape[3])
    const along = (start: string, kernel: string, size: string, after: string) =>
      countIncludePad
        ? `(min(${start} + ${kernel}, ${size} + ${after}) - ${start})`
        : `(min(${start} + ${kernel}, ${size}) - max(${start}, 0))`
    const form = {
      name: `avgPool ${countIncludePad}`,
      inputs: ['x'],
      expression: 'pooled(index)',
      uniforms: [...windowUniforms, 'below', 'right'],
      functions: `
        fn pooled(index: i32) -> ${vector(components)} {
          ${window}
          var sum = ${vector(components)}(0.0);
          ${overWindow('sum += value;')}
          let rows = ${along('top', 'uniforms.kernelY', 'uniforms.inHeight', 'uniforms.below')};
          let columns = ${along('left', 'uniforms.kernelX', 'uniforms.inWidth', 'uniforms.right')};
          return sum / f32(rows * columns);
        }`,
    }
    const uniforms = { ...uniformsOf(attributes, components, x.shape, shape), below: padding[2], right: padding[1] }
    return runElementwise(context, form, components, [x], shape, uniforms)
  }
}

/** The mirrored map through the binomial filter, row by row. */
export function blurPool(attributes: BlurPoolAttributes, context: Context): Kernel {
  const { kernel, stride } = attributes
  const side = blurPadding(attributes)
  const weights = blurFilter(attributes)
  const whole: MaxPoolAttributes = {
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [side, side, side, side],
    ceilMode: false,
  }
  return ([x], shape) => {
    const components = componentsOf(shape[3])
    const form = {
      name: `blurPool ${kernel}`,
      inputs: ['x'],
      expression: 'blurred(index)',
      uniforms: windowUniforms,
      functions: `
        ${reflection}
        const weights = array<f32, ${kernel}>(${weights.join(', ')});
        fn blurred(index: i32) -> ${vector(components)} {
          ${window}
          var sum = ${vector(components)}(0.0);
          for (var y = 0; y < ${kernel}; y++) {
            let row = image * uniforms.inHeight + reflected(top + y, uniforms.inHeight);
            var rowSum = ${vector(components)}(0.0);
            for (var z = 0; z < ${kernel}; z++) {
              let column = reflected(left + z, uniforms.inWidth);
              rowSum += weights[z] * x[(row * uniforms.inWidth + column) * uniforms.channels + channel];
            }
            sum += weights[y] * rowSum;
          }
          return sum;
        }`,
    }
    return runElementwise(context, form, components, [x], shape, uniformsOf(whole, components, x.shape, shape))
  }
}
