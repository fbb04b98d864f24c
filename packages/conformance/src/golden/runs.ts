import {
  type GoldenFamily,
  type GoldenKey,
  type GoldenOption,
  type GoldenOutputOption,
  type GoldenSummary,
  goldenInput,
  goldenModel,
  goldenModelNames,
  goldenOptions,
  goldenParams,
} from '@resnet-ts/golden'
import {
  type Graph,
  type Network,
  parameters,
  type Shape,
  selectOutputs,
  sizeOf,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import { findModel, type ModelOptions } from '@resnet-ts/zoo'

/** What PyTorch answers in one output: all of it, or its first elements and the mean of its absolute values. */
export interface GoldenAnswer extends Omit<GoldenSummary, 'meanAbs' | 'first'> {
  /** The name of our output. */
  readonly output: string
  readonly first: ArrayLike<number>
  readonly meanAbs?: number
}

/** A network of the zoo that PyTorch answered for, with weights and an image that are a function of their names. */
export interface GoldenRun {
  /** `resnet50`, or with options as timm calls them: `resnet50 output_stride=8`. */
  readonly name: string
  readonly family: GoldenRunFamily
  /** How many parameters it has, running statistics not counted. */
  readonly parameters: number
  readonly network: Network
  readonly image: Tensor
  readonly answers: readonly GoldenAnswer[]
}

/**
 * `timm`: its 80 residual networks; `timm-v2`: 10 pre-activation ones; `options`: 22 made otherwise than by default;
 * `cifar`: 4 of the paper's networks for images of 32×32.
 */
export type GoldenRunFamily = (typeof goldenRunFamilies)[number]

export const goldenRunFamilies = ['timm', 'timm-v2', 'options', 'cifar'] as const

/** Everything that PyTorch answered for. A run's graph and values are made when they are asked for. */
export function goldenRuns(): GoldenRun[] {
  return goldenRunFamilies.flatMap((family) =>
    family === 'options'
      ? goldenOptions().map(optionRun)
      : goldenModelNames(family).map((name) => modelRun(name, family)),
  )
}

/** The run of a model as it is by default; of a CIFAR network, with the shortcut that its name ends in. */
export function modelRun(name: string, family: GoldenFamily = 'timm'): GoldenRun {
  const golden = family === 'cifar' ? goldenModel(name, family) : goldenModel(name, family)
  const { logits, input } = golden
  return {
    name,
    family,
    parameters: golden.params,
    get network() {
      const graph =
        'shortcut' in golden ? findModel(name.slice(0, -2))({ shortcut: golden.shortcut }) : findModel(name)()
      return networkOf(graph, golden.state)
    },
    get image() {
      return imageOf(input.shape, input.key)
    },
    answers: [{ output: 'logits', shape: [input.shape[0], logits.length / input.shape[0]], first: logits }],
  }
}

/** The run of a model that was made with options. */
export function optionRun(option: GoldenOption): GoldenRun {
  const whole = findModel(option.name)(modelOptionsOf(option.options))
  const graph =
    'features' in option ? selectOutputs(whole, modulesOf(option)) : selectOutputs(whole, [outputOf(option)])
  return {
    name: optionName(option),
    family: 'options',
    parameters: parameters(graph).reduce((sum, { trainable, shape }) => sum + (trainable ? sizeOf(shape) : 0), 0),
    get network() {
      return networkOf(
        graph,
        parameters(graph).map(({ key, shape }) => [key, shape]),
      )
    },
    get image() {
      return imageOf(option.input)
    },
    answers:
      'features' in option
        ? option.features.map((feature, index) => ({ ...feature, output: option.info[index].module }))
        : [{ shape: option.shape, first: option.first, meanAbs: option.meanAbs, output: outputOf(option) }],
  }
}

/** timm's options as ours. */
export function modelOptionsOf(options: GoldenOption['options']): ModelOptions {
  return {
    inChannels: options.in_chans,
    outputStride: options.output_stride,
    numClasses: options.num_classes,
    globalPool: options.global_pool === '' ? 'none' : options.global_pool,
  }
}

/** Where our network has what timm's yields. */
function outputOf({ options }: GoldenOutputOption): string {
  if (options.global_pool === '') return 'features'
  return options.num_classes === 0 ? 'embedding' : 'logits'
}

/** The names of timm's modules are those of our nodes (`act1`) and scopes (`layer1`). */
function modulesOf({ info }: Extract<GoldenOption, { readonly info: unknown }>): string[] {
  return info.map(({ module }) => module)
}

function optionName({ name, options, input }: GoldenOption): string {
  const words = Object.entries(options)
    .filter(([key, value]) => key !== 'in_chans' || value !== 3)
    .map(([key, value]) => `${key}=${value === '' ? "''" : value}`)
  const side = input[2]
  return [name, ...words, ...(side === 64 ? [] : [`${side}×${side}`])].join(' ')
}

function networkOf(graph: Graph, state: Iterable<GoldenKey>): Network {
  return { graph, params: goldenParams(state) }
}

function imageOf(shape: Shape, key?: string): Tensor {
  const image = goldenInput(shape, key)
  return tensor(image.shape, image.data)
}
