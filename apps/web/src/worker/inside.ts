import { OptionError, type Tensor } from '@resnet-ts/graph'
import { type Residual, residuals } from '@resnet-ts/graph/diagram'
import type { RgbImage } from '@resnet-ts/vision'
import type { Model } from 'resnet-ts'
import type { ChannelPictures, InsideBlock, InsideStep, Theme } from './api.js'
import { mapBitmap, signed, strength } from './pictures.js'

/** The values of a block for a photograph, each `[1, h, w, c]`. */
export interface BlockValues {
  readonly shortcut: Tensor
  readonly residual: Tensor
  readonly output: Tensor
}

/**
 * The values of all blocks of a stage, computed at once.
 *
 * @throws {OptionError} when there is no such stage
 */
export async function valuesOfStage(
  model: Model,
  photo: RgbImage,
  stage: string,
): Promise<ReadonlyMap<string, BlockValues>> {
  const blocks = residuals(model.graph).filter(({ block }) => stageOf(block) === stage)
  if (blocks.length === 0) {
    throw new OptionError({ subject: `stage '${stage}'`, expected: 'one with blocks', found: 'none' })
  }
  const outputs = new Map(model.graph.scopes.map(({ name, output }) => [name, output]))
  const tapsOf = ({ block, shortcut, residual }: Residual) => [shortcut, residual, outputs.get(block)!]
  const values = await model.features(photo, [...new Set(blocks.flatMap(tapsOf))])
  return new Map(
    blocks.map((residual) => {
      const [shortcut, own, output] = tapsOf(residual).map((tap) => values[tap]!) as [Tensor, Tensor, Tensor]
      return [residual.block, { shortcut, residual: own, output }]
    }),
  )
}

export function stageOf(block: string): string {
  return block.slice(0, block.lastIndexOf('.'))
}

export async function stepOf(name: string, values: BlockValues, theme: Theme): Promise<InsideStep> {
  const { output, shortcut, residual } = values
  const means = meanOfChannels(output)
  const greatest = means.reduce((most, value) => Math.max(most, value), 0)
  return {
    name,
    picture: await mapBitmap(means, sidesOf(output), strength[theme], [0, greatest]),
    shortcutStrength: rootMeanSquare(shortcut.data),
    residualStrength: rootMeanSquare(residual.data),
  }
}

export async function blockPictures(
  name: string,
  values: BlockValues,
  channels: number,
  theme: Theme,
): Promise<InsideBlock> {
  const [height, width] = sidesOf(values.output)
  const strengths = strengthOfChannels(values.output)
  const order = [...strengths.keys()].sort((left, right) => strengths[right]! - strengths[left]!)
  return {
    name,
    shape: [height, width, strengths.length],
    shortcutStrength: rootMeanSquare(values.shortcut.data),
    residualStrength: rootMeanSquare(values.residual.data),
    channels: await Promise.all(
      order.slice(0, channels).map((channel) => channelPictures(values, channel, strengths[channel]!, theme)),
    ),
  }
}

async function channelPictures(
  values: BlockValues,
  channel: number,
  rootMeanSquare: number,
  theme: Theme,
): Promise<ChannelPictures> {
  const sides = sidesOf(values.output)
  const shortcut = channelOf(values.shortcut, channel)
  const residual = channelOf(values.residual, channel)
  const sum = shortcut.map((value, place) => value + residual[place]!)
  const greatest = [shortcut, residual, sum].reduce(
    (most, map) => map.reduce((own, value) => Math.max(own, Math.abs(value)), most),
    0,
  )
  const draw = (map: Float32Array) => mapBitmap(map, sides, signed[theme], [-greatest, greatest])
  const maps = [shortcut, residual, sum, channelOf(values.output, channel)]
  const pictures = await Promise.all(maps.map(draw))
  const [first, second, third, fourth] = pictures as [ImageBitmap, ImageBitmap, ImageBitmap, ImageBitmap]
  return { channel, strength: rootMeanSquare, greatest, shortcut: first, residual: second, sum: third, output: fourth }
}

function sidesOf({ shape }: Tensor): readonly [height: number, width: number] {
  return [shape[1]!, shape[2]!]
}

function channelOf({ shape, data }: Tensor, channel: number): Float32Array {
  const channels = shape[3]!
  return Float32Array.from({ length: data.length / channels }, (_, place) => data[place * channels + channel]!)
}

function meanOfChannels({ shape, data }: Tensor): Float32Array {
  const channels = shape[3]!
  const means = new Float32Array(data.length / channels)
  for (const [index, value] of data.entries()) means[Math.floor(index / channels)]! += Math.abs(value) / channels
  return means
}

/** Root mean squares, one a channel. */
function strengthOfChannels({ shape, data }: Tensor): Float32Array {
  const channels = shape[3]!
  const squares = new Float32Array(channels)
  for (const [index, value] of data.entries()) squares[index % channels]! += value * value
  return squares.map((sum) => Math.sqrt((sum * channels) / data.length))
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
