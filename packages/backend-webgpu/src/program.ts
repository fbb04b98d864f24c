import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu'

/** A buffer that a program reads: its name in WGSL, and how many values each of its elements has. */
export interface ProgramInput {
  readonly name: string
  /** 1 or 4 floats; 2 for integers, which are four 16-bit floats. */
  readonly components: 1 | 2 | 4
}

/** A compute shader of ours. Programs of the same key are the same. */
export interface Program {
  readonly key: string
  readonly inputs: readonly ProgramInput[]
  /** How many values each element of `result` has. */
  readonly outputComponents: 1 | 4
  /** The names of its uniforms, all of them `i32`: `uniforms.height`. */
  readonly uniforms: readonly string[]
  readonly workgroupSize: readonly [x: number, y: number, z: number]
  /** WGSL with a function `main(index: i32)`, where `index` counts invocations in workgroups of one dimension. */
  readonly code: string
}

/** A program, and what it computes this time. */
export interface Dispatch {
  readonly program: Program
  readonly workgroups: number
  readonly uniforms: Readonly<Record<string, number>>
}

/** The number of the workgroup: tfjs lays out many of them in two or three dimensions. */
export const workgroupIndex = `
  fn workgroupIndex() -> i32 {
    return i32((workgroupId.z * numWorkgroups.y + workgroupId.y) * numWorkgroups.x + workgroupId.x);
  }`

/** As tfjs takes it: it adds the declarations of buffers and uniforms. */
export function toTfjs({ program, workgroups }: Dispatch): WebGPUProgram {
  return {
    shaderKey: program.key,
    variableNames: program.inputs.map(({ name }) => name),
    variableComponents: program.inputs.map(({ components }) => components),
    outputComponent: program.outputComponents,
    outputShape: [1],
    uniforms: program.uniforms.map((name) => `${name} : i32,`).join(' '),
    workgroupSize: [...program.workgroupSize],
    dispatchLayout: { x: [0] },
    dispatch: [workgroups, 1, 1],
    getUserCode: () => program.code,
  }
}

/** Where the directives of a shader stand in a program's code. */
const directive = /^\s*enable [a-z0-9]+;$/gm

/**
 * Lets programs have directives: WGSL wants them before all else, where tfjs puts declarations of its own. The device
 * is one that nobody else has.
 */
export function allowDirectives(device: GPUDevice): void {
  const createShaderModule = device.createShaderModule.bind(device)
  device.createShaderModule = (descriptor) => {
    const directives = descriptor.code.match(directive) ?? []
    return createShaderModule({
      ...descriptor,
      code: [...directives, descriptor.code.replace(directive, '')].join('\n'),
    })
  }
}
