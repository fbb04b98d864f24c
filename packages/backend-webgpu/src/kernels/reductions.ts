import type { Kernel } from '@resnet-ts/backend-tfjs'
import {
  type GlobalPoolAttributes,
  type GlobalPoolKind,
  type GroupNormAttributes,
  globalPoolKinds,
} from '@resnet-ts/graph'
import { type Program, workgroupIndex } from '../program.js'
import type { Context } from './context.js'
import { type Components, componentsOf, vector } from './wgsl.js'

/** Threads of a workgroup that work out one number, or four, together. */
const threads = 64

/** The name of a function of two values: `+` or `max`. */
type Combination = (left: string, right: string) => string
const plus: Combination = (left, right) => `${left} + ${right}`
const greater: Combination = (left, right) => `max(${left}, ${right})`

/**
 * `fn name(value: T) -> T`: what all threads of the workgroup have, taken together; every thread gets it.
 *
 * @param count - a power of two
 */
function reduction(name: string, type: string, combine: Combination, count = threads): string {
  return `
    var<workgroup> ${name}Parts: array<${type}, ${count}>;
    fn ${name}(value: ${type}) -> ${type} {
      let own = i32(localIndex);
      ${name}Parts[own] = value;
      workgroupBarrier();
      for (var half = ${count / 2}; half > 0; half /= 2) {
        if (own < half) { ${name}Parts[own] = ${combine(`${name}Parts[own]`, `${name}Parts[own + half]`)}; }
        workgroupBarrier();
      }
      let all = ${name}Parts[0];
      workgroupBarrier();
      return all;
    }`
}

/** Lanes of channels, each of which is pooled by as many threads as there are rows. */
const lanes = 8
const rows = 16

/** A workgroup pools a few channels of an image: its threads go through the pixels, then put together what they have. */
export function globalPool({ kind }: GlobalPoolAttributes, context: Context): Kernel {
  return ([x], shape) => {
    const [batch, height, width, channels] = x.shape as number[]
    const components = componentsOf(channels)
    const groups = Math.ceil(channels / components / lanes)
    const program = poolProgram(components)
    const uniforms = {
      ...{ pixels: height * width, channels: channels / components, groups, batch },
      kind: globalPoolKinds.indexOf(kind),
    }
    return context.run({ program, workgroups: batch * groups, uniforms }, [x], shape)
  }
}

/** What is written, by the kind of pool. */
function resultOf(kind: GlobalPoolKind): string {
  switch (kind) {
    case 'avg':
      return 'result[at] = average;'
    case 'max':
      return 'result[at] = most;'
    case 'avgmax':
      return 'result[at] = 0.5 * (average + most);'
    case 'catavgmax':
      return `
        result[at + image * uniforms.channels] = average;
        result[at + (image + 1) * uniforms.channels] = most;`
    default:
      return kind satisfies never
  }
}

function poolProgram(components: Components): Program {
  const type = vector(components)
  return {
    key: `globalPool ${components}`,
    inputs: [{ name: 'x', components }],
    outputComponents: components,
    uniforms: ['pixels', 'channels', 'groups', 'batch', 'kind'],
    workgroupSize: [lanes, rows, 1],
    code: `
      ${workgroupIndex}
      var<workgroup> sums: array<array<${type}, ${lanes}>, ${rows}>;
      var<workgroup> maxima: array<array<${type}, ${lanes}>, ${rows}>;
      fn main(index: i32) {
        let lane = i32(localId.x);
        let row = i32(localId.y);
        let image = workgroupIndex() / uniforms.groups;
        let channel = workgroupIndex() % uniforms.groups * ${lanes} + lane;
        let isThere = image < uniforms.batch && channel < uniforms.channels;
        var sum = ${type}(0.0);
        var most = ${type}(-3.4028234e38);
        if (isThere) {
          for (var pixel = row; pixel < uniforms.pixels; pixel += ${rows}) {
            let value = x[(image * uniforms.pixels + pixel) * uniforms.channels + channel];
            sum += value;
            most = max(most, value);
          }
        }
        sums[row][lane] = sum;
        maxima[row][lane] = most;
        workgroupBarrier();
        if (row > 0 || !isThere) { return; }
        for (var other = 1; other < ${rows}; other++) {
          sum += sums[other][lane];
          most = max(most, maxima[other][lane]);
        }
        let average = sum / f32(uniforms.pixels);
        let at = image * uniforms.channels + channel;
        switch (uniforms.kind) {
          ${globalPoolKinds.map((kind, number) => `case ${number} { ${resultOf(kind)} }`).join('\n')}
          default {}
        }
      }`,
  }
}

/** A workgroup normalises a group of channels of an image: it goes over it for the mean, the variance and the result. */
export function groupNorm(
  { channels, groups, epsilon }: GroupNormAttributes,
  weight: Float32Array,
  bias: Float32Array,
  context: Context,
): Kernel {
  const components = componentsOf(channels / groups)
  // Copies, because these can be views of a whole checkpoint.
  const parameters = [weight.slice(), bias.slice()].map((values) => context.upload(values))
  const program = groupNormProgram(components)
  return ([x], shape) => {
    const [batch, height, width] = shape
    const uniforms = {
      ...{ pixels: height * width, channels: channels / components, groups, batch },
      ...{ groupChannels: channels / groups / components, epsilonBits: bitsOf(epsilon) },
    }
    return context.run({ program, workgroups: batch * groups, uniforms }, [x, ...parameters], shape)
  }
}

/** A float in an integer's uniform. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]
}

function groupNormProgram(components: Components): Program {
  const overGroup = (body: string) => `
    for (var place = i32(localIndex); place < places; place += ${4 * threads}) {
      let channel = group * uniforms.groupChannels + place % uniforms.groupChannels;
      let at = (image * uniforms.pixels + place / uniforms.groupChannels) * uniforms.channels + channel;
      ${body}
    }`
  const total = (value: string) => (components === 4 ? `dot(${value}, vec4<f32>(1.0))` : value)
  return {
    key: `groupNorm ${components}`,
    inputs: ['x', 'weight', 'bias'].map((name) => ({ name, components })),
    outputComponents: components,
    uniforms: ['pixels', 'channels', 'groups', 'batch', 'groupChannels', 'epsilonBits'],
    workgroupSize: [4 * threads, 1, 1],
    code: `
      ${workgroupIndex}
      ${reduction('sumOf', 'f32', plus, 4 * threads)}
      fn main(index: i32) {
        let image = workgroupIndex() / uniforms.groups;
        let group = workgroupIndex() % uniforms.groups;
        // A workgroup beyond the last image has no places.
        let places = select(0, uniforms.pixels * uniforms.groupChannels, image < uniforms.batch);
        let count = f32(uniforms.pixels * uniforms.groupChannels * ${components});
        var sum = 0.0;
        ${overGroup(`sum += ${total('x[at]')};`)}
        let mean = sumOf(sum) / count;
        var squares = 0.0;
        ${overGroup(`let centred = x[at] - mean; squares += ${total('centred * centred')};`)}
        let scale = inverseSqrt(sumOf(squares) / count + bitcast<f32>(uniforms.epsilonBits));
        ${overGroup('result[at] = (x[at] - mean) * scale * weight[channel] + bias[channel];')}
      }`,
  }
}

const softmaxProgram: Program = {
  key: 'softmax',
  inputs: [{ name: 'x', components: 1 }],
  outputComponents: 1,
  uniforms: ['rows', 'channels'],
  workgroupSize: [threads, 1, 1],
  code: `
    ${workgroupIndex}
    ${reduction('greatestOf', 'f32', greater)}
    ${reduction('sumOf', 'f32', plus)}
    fn main(index: i32) {
      let start = workgroupIndex() * uniforms.channels;
      // A workgroup beyond the last row has no channels.
      let end = select(start, start + uniforms.channels, workgroupIndex() < uniforms.rows);
      var most = -3.4028234e38;
      for (var at = start + i32(localIndex); at < end; at += ${threads}) { most = max(most, x[at]); }
      let greatest = greatestOf(most);
      var sum = 0.0;
      for (var at = start + i32(localIndex); at < end; at += ${threads}) { sum += exp(x[at] - greatest); }
      let whole = sumOf(sum);
      for (var at = start + i32(localIndex); at < end; at += ${threads}) { result[at] = exp(x[at] - greatest) / whole; }
    }`,
}

/** Over the last axis; a workgroup takes a row. */
export function softmax(context: Context): Kernel {
  return ([x], shape) => {
    const channels = shape.at(-1) as number
    const rows = x.size / channels
    return context.run({ program: softmaxProgram, workgroups: rows, uniforms: { rows, channels } }, [x], shape)
  }
}
