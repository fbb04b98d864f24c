import type { Kernel } from '@resnet-ts/backend-tfjs'
import { type ActivationKind, type BatchNormAttributes, sizeOf } from '@resnet-ts/graph'
import type { Context } from './context.js'
import { runElementwise } from './elementwise.js'
import { activationFunction, activationNumber, componentsOf, vector } from './wgsl.js'

export function activation(kind: ActivationKind, context: Context): Kernel {
  return (inputs, shape) => {
    const components = componentsOf(sizeOf(shape))
    const form = {
      name: 'activation',
      inputs: ['x'],
      expression: 'activate(x[index])',
      uniforms: ['activation'],
      functions: activationFunction(components),
    }
    return runElementwise(context, form, components, inputs, shape, { activation: activationNumber(kind) })
  }
}

const sum = { name: 'add', inputs: ['x', 'y'], expression: 'x[index] + y[index]' }
const product = { name: 'multiply', inputs: ['x', 'y'], expression: 'x[index] * y[index]' }
const gated = {
  name: 'gate',
  inputs: ['x', 'gate'],
  expression: 'x[index] * gate[index / uniforms.image * uniforms.channels + index % uniforms.channels]',
  uniforms: ['image', 'channels'],
}

export function add(context: Context): Kernel {
  return (inputs, shape) => runElementwise(context, sum, componentsOf(sizeOf(shape)), inputs, shape)
}

/** The product of two values of the same shape, or of a map `[n, h, w, c]` and a gate `[n, 1, 1, c]`. */
export function multiply(context: Context): Kernel {
  return ([x, y], shape) => {
    if (x.size === y.size) return runElementwise(context, product, componentsOf(x.size), [x, y], shape)
    const [batch, , , channels] = shape
    const components = componentsOf(channels)
    return runElementwise(context, gated, components, [x, y], shape, {
      image: x.size / batch / components,
      channels: channels / components,
    })
  }
}

/** `(x − mean) · scale + shift`, with a number a channel each. */
export function batchNorm(
  { channels, epsilon }: BatchNormAttributes,
  [weight, bias, mean, variance]: readonly Float32Array[],
  context: Context,
): Kernel {
  const scale = weight.map((value, channel) => value / Math.sqrt(variance[channel] + epsilon))
  // Copies, because these can be views of a whole checkpoint.
  const uploaded = [mean.slice(), scale, bias.slice()].map((values) => context.upload(values))
  const components = componentsOf(channels)
  const form = {
    name: 'batchNorm',
    inputs: ['x', 'mean', 'scale', 'shift'],
    expression: 'normalise(index, index % uniforms.channels)',
    uniforms: ['channels'],
    functions: `
      fn normalise(index: i32, channel: i32) -> ${vector(components)} {
        return (x[index] - mean[channel]) * scale[channel] + shift[channel];
      }`,
  }
  return ([x], shape) =>
    runElementwise(context, form, components, [x, ...uploaded], shape, { channels: channels / components })
}
