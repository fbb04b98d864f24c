import { type Shape, sizeOf } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Program } from '../program.js'
import type { Context } from './context.js'
import type { Components } from './wgsl.js'

/** Threads of a workgroup where each computes an element of the result by itself. */
const threads = 64

/** A program that computes each element of its result apart. */
export interface Elementwise {
  /** Tells it from all others of the same number of components. */
  readonly name: string
  readonly inputs: readonly string[]
  /** The element at `index`. */
  readonly expression: string
  readonly uniforms?: readonly string[]
  readonly functions?: string
  /** How many values an element of the inputs has, where it is not as many as one of the result. */
  readonly inputComponents?: Components
}

/** Runs such a program for a result of this shape. */
export function runElementwise(
  context: Context,
  form: Elementwise,
  components: Components,
  inputs: readonly Tensor[],
  shape: Shape,
  uniforms: Readonly<Record<string, number>> = {},
): Tensor {
  const count = sizeOf(shape) / components
  const program: Program = {
    key: `${form.name} ${components}`,
    inputs: form.inputs.map((name) => ({ name, components: form.inputComponents ?? components })),
    outputComponents: components,
    uniforms: ['count', ...(form.uniforms ?? [])],
    workgroupSize: [threads, 1, 1],
    code: `
      ${form.functions ?? ''}
      fn main(index: i32) {
        if (index < uniforms.count) { result[index] = ${form.expression}; }
      }`,
  }
  return context.run(
    { program, workgroups: Math.ceil(count / threads), uniforms: { count, ...uniforms } },
    inputs,
    shape,
  )
}
