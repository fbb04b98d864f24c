import type { Kernel } from '@resnet-ts/backend-tfjs'
import type { Conv2dAttributes, LinearAttributes, Shape } from '@resnet-ts/graph'
import type { Context } from '../context.js'
import { componentsOf } from '../wgsl.js'
import { inputTensors, valuesOfEpilogue } from './epilogue.js'
import { type GroupedKind, groupedComponents, groupedProgram, groupedThreads, stripsOf } from './groupedProgram.js'
import { layoutOf, packBias, packForGroups, packForTiles, toFloat16, type WeightShape } from './packing.js'
import { columnTilesOf, rowsProgram } from './rowsProgram.js'
import { chooseTile, columns4Of, countTiles } from './tile.js'
import { tiledProgram } from './tiledProgram.js'

/** With fewer filters or channels a group, tiles would be mostly empty. */
const leastGroup = 16

/** Up to so many places, weights are read once a place rather than once a tile. */
const fewPlaces = 8

/** Convolution, with bias, residual and activation, in one dispatch. */
export function conv2d(
  attributes: Conv2dAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  context: Context,
): Kernel {
  const shape = weightShapeOf(attributes)
  const isSmall = Math.min(shape.inChannels, shape.outChannels) < leastGroup
  return shape.groups > 1 && isSmall
    ? grouped(attributes, shape, weight, bias, context)
    : product(attributes, shape, weight, bias, context)
}

/** A pointwise convolution of vectors `[n, in]`, taken for maps of one pixel. */
export function linear(
  { inChannels, outChannels }: LinearAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  context: Context,
): Kernel {
  const attributes: Conv2dAttributes = {
    ...{ inChannels, outChannels, kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] },
    ...{ groups: 1, bias: bias !== undefined },
  }
  const compute = product(attributes, weightShapeOf(attributes), weight, bias, context)
  return ([x], shape) => compute([x], shape)
}

function weightShapeOf({ inChannels, outChannels, groups, kernel }: Conv2dAttributes): WeightShape {
  return { groups, inChannels: inChannels / groups, outChannels: outChannels / groups, taps: kernel[0] * kernel[1] }
}

/** What a vector is, and a map: `[n, 1, 1, c]` and `[n, h, w, c]`. */
function mapOf(shape: Shape): readonly [batch: number, height: number, width: number, channels: number] {
  return shape.length === 2 ? [shape[0], 1, 1, shape[1]] : [shape[0], shape[1], shape[2], shape[3]]
}

function windowUniforms({ kernel, stride, padding, dilation }: Conv2dAttributes) {
  return {
    ...{ strideY: stride[0], strideX: stride[1], paddingY: padding[0], paddingX: padding[3] },
    ...{ dilationY: dilation[0], dilationX: dilation[1], kernelY: kernel[0], kernelX: kernel[1] },
  }
}

/** As a product of matrices: in tiles, or row by row where there are few rows. */
function product(
  attributes: Conv2dAttributes,
  shape: WeightShape,
  weight: Float32Array,
  bias: Float32Array | undefined,
  context: Context,
): Kernel {
  const { groups, inChannels, outChannels } = shape
  const { f16 } = context
  const { depth, filters4 } = layoutOf(shape)
  const packed = packForTiles(weight, shape)
  const weights = context.upload(f16 ? toFloat16(packed) : packed)
  const offsets = context.upload(packBias(bias ?? new Float32Array(attributes.outChannels), groups))
  const form = { outComponents: componentsOf(outChannels), f16 }
  const epilogue = valuesOfEpilogue(attributes.epilogue)
  const inComponents = componentsOf(inChannels)
  const pointwise = shape.taps === 1 && attributes.padding.every((side) => side === 0)
  const isPlain = pointwise && groups === 1 && attributes.stride.every((step) => step === 1)

  return (given, output) => {
    const [, height, width] = mapOf(given[0].shape as number[])
    const [batch, outHeight, outWidth] = mapOf(output)
    const places = batch * outHeight * outWidth
    const inputs = inputTensors(given, weights, offsets)
    const filters = { groups, filters: outChannels, filters4, ...epilogue }
    if (isPlain && places <= fewPlaces) {
      const columnTiles = columnTilesOf(filters4)
      const uniforms = { ...filters, places, channels: inChannels, columnTiles }
      return context.run({ program: rowsProgram(form), workgroups: places * columnTiles, uniforms }, inputs, output)
    }
    const size = { groups, rows: places, columns4: filters4, depth }
    const tile = chooseTile(size)
    const uniforms = {
      ...{ height, width, channels: attributes.inChannels / inComponents, outHeight, outWidth, places },
      ...windowUniforms(attributes),
      ...filters,
      ...{ groupChannels: inChannels / inComponents, depth, columnTiles: Math.ceil(filters4 / columns4Of(tile)) },
    }
    const program = tiledProgram({ ...form, inComponents, tile, pointwise })
    return context.run({ program, workgroups: countTiles(tile, size), uniforms }, inputs, output)
  }
}

/** As it is defined, for groups of few channels. */
function grouped(
  attributes: Conv2dAttributes,
  shape: WeightShape,
  weight: Float32Array,
  bias: Float32Array | undefined,
  context: Context,
): Kernel {
  const kind = kindOf(shape)
  const components = groupedComponents(kind)
  const weights = context.upload(packForGroups(weight, shape))
  const offsets = context.upload(bias?.slice() ?? new Float32Array(attributes.outChannels))
  const program = groupedProgram(kind)
  const epilogue = valuesOfEpilogue(attributes.epilogue)
  return (given, output) => {
    const [images, outHeight, outWidth, filters] = output
    const strips = stripsOf(outWidth)
    const uniforms = {
      ...{
        images,
        height: given[0].shape[1] as number,
        width: given[0].shape[2] as number,
        outHeight,
        outWidth,
        strips,
      },
      ...windowUniforms(attributes),
      ...epilogue,
      channels: attributes.inChannels / components,
      groupChannels: kind === 'depthwise' ? 1 : shape.inChannels / components,
      filters: filters / components,
      groupFilters: kind === 'depthwise' ? 1 : shape.outChannels / components,
    }
    const workgroups = Math.ceil((images * outHeight * strips * (filters / components)) / groupedThreads)
    return context.run({ program, workgroups, uniforms }, inputTensors(given, weights, offsets), output)
  }
}

function kindOf({ groups, inChannels, outChannels }: WeightShape): GroupedKind {
  if (inChannels === 1 && outChannels === 1) return groups % 4 === 0 ? 'depthwise' : 'single'
  return inChannels % 4 === 0 && outChannels % 4 === 0 ? 'fours' : 'single'
}
