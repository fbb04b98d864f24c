import type { Kernel } from '@resnet-ts/backend-tfjs'
import { type PadAttributes, resolveRange, type SliceAttributes } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Context } from './context.js'
import { runElementwise } from './elementwise.js'
import { type Components, each, vector } from './wgsl.js'

/** `place`, the row, the column and the channel of the element at `index` of a map; `image`, its image. */
const placeInMap = `
  let channel = index % uniforms.channels;
  let column = index / uniforms.channels % uniforms.width;
  let row = index / (uniforms.channels * uniforms.width) % uniforms.height;
  let image = index / (uniforms.channels * uniforms.width * uniforms.height);`

/** The uniforms that `placeInMap` uses. */
const mapUniforms = ['height', 'width', 'channels']

/** Zeros around a map, or the map mirrored at its edges. */
export function pad({ mode, padding, channels: [before, after] }: PadAttributes, context: Context): Kernel {
  const [top, , , left] = padding
  return ([x], shape) => {
    const [, height, width, depth] = shape
    const components = [before, after, x.shape[3] as number].every((count) => count % 4 === 0) ? 4 : 1
    const form = {
      name: `pad ${mode}`,
      inputs: ['x'],
      expression: 'padded(index)',
      uniforms: [...mapUniforms, 'top', 'left', 'before', 'inHeight', 'inWidth', 'inChannels'],
      functions: mode === 'zero' ? zeros(components) : mirrored(components),
    }
    return runElementwise(context, form, components, [x], shape, {
      ...{ height, width, channels: depth / components },
      ...{ top, left, before: before / components },
      inHeight: x.shape[1] as number,
      inWidth: x.shape[2] as number,
      inChannels: (x.shape[3] as number) / components,
    })
  }
}

function zeros(components: Components): string {
  return `
    fn padded(index: i32) -> ${vector(components)} {
      ${placeInMap}
      let place = vec3<i32>(row - uniforms.top, column - uniforms.left, channel - uniforms.before);
      let size = vec3<i32>(uniforms.inHeight, uniforms.inWidth, uniforms.inChannels);
      if (any(place < vec3<i32>(0)) || any(place >= size)) { return ${vector(components)}(0.0); }
      return x[((image * size.x + place.x) * size.y + place.y) * size.z + place.z];
    }`
}

/** The place in a map of what is mirrored at its edges, which are not repeated. */
export const reflection = `
  fn reflected(place: i32, size: i32) -> i32 {
    let distance = abs(place);
    return select(2 * (size - 1) - distance, distance, distance < size);
  }`

function mirrored(components: Components): string {
  return `
    ${reflection}
    fn padded(index: i32) -> ${vector(components)} {
      ${placeInMap}
      let inRow = reflected(row - uniforms.top, uniforms.inHeight);
      let inColumn = reflected(column - uniforms.left, uniforms.inWidth);
      return x[((image * uniforms.inHeight + inRow) * uniforms.inWidth + inColumn) * uniforms.channels + channel];
    }`
}

/** Every step-th element of a range of each axis. */
export function slice({ rows, columns, channels }: SliceAttributes, context: Context): Kernel {
  return ([x], shape) => {
    const [, inHeight, inWidth, inChannels] = x.shape as number[]
    const [, height, width, depth] = shape
    const first = resolveRange(channels, inChannels).start
    const components = channels.step === 1 && [first, depth, inChannels].every((count) => count % 4 === 0) ? 4 : 1
    const form = {
      name: 'slice',
      inputs: ['x'],
      expression: 'sliced(index)',
      uniforms: [
        ...[...mapUniforms, 'inHeight', 'inWidth', 'inChannels', 'top', 'left', 'first'],
        ...['rowStep', 'columnStep', 'channelStep'],
      ],
      functions: `
        fn sliced(index: i32) -> ${vector(components)} {
          ${placeInMap}
          let inRow = uniforms.top + row * uniforms.rowStep;
          let inColumn = uniforms.left + column * uniforms.columnStep;
          let inChannel = uniforms.first + channel * uniforms.channelStep;
          return x[((image * uniforms.inHeight + inRow) * uniforms.inWidth + inColumn) * uniforms.inChannels + inChannel];
        }`,
    }
    return runElementwise(context, form, components, [x], shape, {
      ...{ height, width, channels: depth / components, inHeight, inWidth, inChannels: inChannels / components },
      ...{ top: resolveRange(rows, inHeight).start, left: resolveRange(columns, inWidth).start },
      ...{ first: first / components, rowStep: rows.step, columnStep: columns.step, channelStep: channels.step },
    })
  }
}

/** Maps or vectors one after another along their channels; as many at once as a program may read. */
export function concat(context: Context): Kernel {
  const join = (parts: readonly Tensor[], shape: readonly number[]): Tensor => {
    if (parts.length <= context.mostInputs) return joined(context, parts, shape)
    const first = parts.slice(0, context.mostInputs)
    return join([joined(context, first, shapeOf(first)), ...parts.slice(context.mostInputs)], shape)
  }
  return join
}

const channelsOf = ({ shape }: Tensor) => shape.at(-1) as number

function shapeOf(parts: readonly Tensor[]): number[] {
  return [...parts[0].shape.slice(0, -1), parts.reduce((sum, part) => sum + channelsOf(part), 0)]
}

function joined(context: Context, parts: readonly Tensor[], shape: readonly number[]): Tensor {
  const components: Components = parts.every((part) => channelsOf(part) % 4 === 0) ? 4 : 1
  const form = {
    name: `concat ${parts.length}`,
    inputs: parts.map((_, part) => `part${part}`),
    expression: 'joined(index)',
    uniforms: parts.map((_, part) => `channels${part}`),
    functions: `
      fn joined(index: i32) -> ${vector(components)} {
        let channels = ${parts.map((_, part) => `uniforms.channels${part}`).join(' + ')};
        let pixel = index / channels;
        var channel = index % channels;
        ${each(
          parts.length,
          (part) => `
        if (channel < uniforms.channels${part}) { return part${part}[pixel * uniforms.channels${part} + channel]; }
        channel -= uniforms.channels${part};`,
        )}
        return ${vector(components)}(0.0);
      }`,
  }
  const uniforms = parts.map((part, index) => [`channels${index}`, channelsOf(part) / components] as const)
  return runElementwise(context, form, components, parts, shape, Object.fromEntries(uniforms))
}
