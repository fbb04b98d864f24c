import {
  averagePool,
  averagePoolProjection,
  basicBlock,
  blurPool,
  bottleneck,
  cifarStem,
  convolutionPoolStem,
  deepStem,
  efficientChannelAttention,
  groupNorm,
  preActivationAveragePoolProjection,
  preActivationBasicBlock,
  preActivationBottleneck,
  preActivationProjection,
  projectionOf,
  silu,
  squeezeExcitation,
  tieredStem,
} from '@resnet-ts/blocks'
import { type Graph, globalPoolKinds, type Shape } from '@resnet-ts/graph'
import { type ResNetOptions, type ResNetV2Options, resnet, resnetV2 } from '@resnet-ts/zoo'

/** A small network that was made with options. */
export interface OptionNetwork {
  readonly name: string
  /** The names of the options it was made with. */
  readonly options: readonly string[]
  readonly graph: Graph
  /** A network without options that should yield the same, where they change nothing but training. */
  readonly same?: Graph
  readonly image: Shape
}

/** Networks of the open forms in which every option occurs, and every part that an option takes. */
export function optionNetworks(): OptionNetwork[] {
  return [
    ...residual.map(([name, options, image]) => ({
      name,
      options: Object.keys(options),
      graph: resnet(options),
      image,
    })),
    ...preActivated.map(([name, options, image]) => ({
      name: `pre-activated, ${name}`,
      options: Object.keys(options),
      graph: resnetV2(options),
      image,
    })),
    ...dropping(),
  ]
}

const basic = { block: basicBlock, blocks: [1, 1, 1], channels: 8, numClasses: 5 }
const deep = { block: bottleneck, blocks: [1, 1, 1], channels: 8, numClasses: 5 }

const residual: readonly (readonly [name: string, options: ResNetOptions, image: Shape])[] = [
  ['with squeeze and excitation', { ...basic, attention: squeezeExcitation() }, [2, 33, 35, 3]],
  ['of ECA bottlenecks', { ...deep, attention: efficientChannelAttention }, [1, 34, 33, 3]],
  [
    'like ResNet-RS',
    {
      ...deep,
      stem: convolutionPoolStem,
      projection: averagePoolProjection,
      attention: squeezeExcitation({ reduction: 1 / 4 }),
    },
    [2, 35, 37, 3],
  ],
  [
    'like SENet-154',
    {
      ...deep,
      stem: deepStem,
      stemChannels: 12,
      groups: 4,
      widthPerGroup: 16,
      reduceFirst: 2,
      projection: projectionOf({ kernel: 3 }),
      attention: squeezeExcitation({ divisor: 4 }),
    },
    [1, 37, 33, 3],
  ],
  ['with a deep stem, for four channels', { ...basic, stem: deepStem, inChannels: 4 }, [3, 31, 33, 4]],
  ['with a tiered stem', { ...basic, stem: tieredStem, projection: averagePoolProjection }, [1, 33, 31, 3]],
  ['with blur pooling', { ...basic, antiAlias: blurPool }, [2, 37, 41, 3]],
  ['of bottlenecks with blur pooling', { ...deep, stem: deepStem, antiAlias: blurPool }, [1, 49, 33, 3]],
  [
    'antialiased by average pooling',
    { ...deep, stem: deepStem, projection: averagePoolProjection, antiAlias: averagePool },
    [1, 65, 33, 3],
  ],
  [
    'with group norm',
    { block: basicBlock, blocks: [1, 1], channels: 32, numClasses: 5, stem: cifarStem, norm: groupNorm },
    [2, 9, 8, 3],
  ],
  ['with silu', { ...basic, stem: tieredStem, activation: silu, zeroInitResidual: true }, [1, 33, 32, 3]],
  ['with shortcut A', { ...basic, shortcut: 'A' }, [1, 33, 32, 3]],
  ['with shortcut C of averages', { ...basic, shortcut: 'C', projection: averagePoolProjection }, [1, 33, 32, 3]],
  [
    'of blocks that differ from stage to stage',
    { ...deep, block: [basicBlock, bottleneck, basicBlock], channels: [8, 4, 12] },
    [1, 33, 32, 3],
  ],
  [
    'of pruned bottlenecks',
    {
      ...deep,
      blocks: [2, 1],
      attention: efficientChannelAttention,
      pruned: [
        [
          { inner: [5, 3], output: 13 },
          { inner: [4, 7], output: 13 },
        ],
        [{ inner: [9, 2], output: 11 }],
      ],
    },
    [2, 33, 32, 3],
  ],
  ['of pruned basic blocks', { ...basic, blocks: [1], pruned: [[{ inner: [5], output: 9 }]] }, [1, 33, 32, 3]],
  ['with an output stride of 16', { ...deep, blocks: [1, 1, 1, 1], outputStride: 16 }, [1, 65, 64, 3]],
  ['with an output stride of 8', { ...basic, blocks: [1, 2, 2, 1], outputStride: 8 }, [2, 33, 47, 3]],
  [
    'with an output stride of 8 and average-pool shortcuts',
    { ...deep, blocks: [1, 1, 2, 1], outputStride: 8, projection: averagePoolProjection },
    [1, 33, 47, 3],
  ],
  [
    'with an output stride of 8 and 3×3 shortcuts',
    { ...deep, blocks: [1, 1, 2, 1], outputStride: 8, groups: 2, projection: projectionOf({ kernel: 3 }) },
    [1, 33, 47, 3],
  ],
  [
    'with an output stride of 8 and blur pooling',
    { ...basic, blocks: [1, 1, 1, 1], outputStride: 8, antiAlias: blurPool },
    [1, 64, 47, 3],
  ],
  [
    'of pre-activated bottlenecks, gated and blurred',
    {
      ...deep,
      block: preActivationBottleneck,
      projection: preActivationProjection,
      attention: efficientChannelAttention,
      antiAlias: blurPool,
    },
    [1, 49, 33, 3],
  ],
  ...globalPoolKinds.map(
    (globalPool) => [`with a head that pools by ${globalPool}`, { ...basic, globalPool }, [2, 33, 35, 3]] as const,
  ),
  ['embedding by catavgmax', { ...basic, globalPool: 'catavgmax', numClasses: 0 }, [2, 33, 35, 3]],
  ['that pools nothing', { ...basic, globalPool: 'none', numClasses: 0 }, [2, 33, 35, 3]],
  ['without a top', { ...deep, includeTop: false, name: 'topless' }, [1, 65, 33, 3]],
]

const basicV2 = { block: preActivationBasicBlock, blocks: [2, 1, 1], channels: 8, numClasses: 5 }
const deepV2 = { block: preActivationBottleneck, blocks: [1, 2, 1], channels: 8, numClasses: 5 }

const preActivated: readonly (readonly [name: string, options: ResNetV2Options, image: Shape])[] = [
  ['basic blocks', basicV2, [2, 33, 35, 3]],
  ['bottlenecks, one pixel, four channels', { ...deepV2, inChannels: 4 }, [3, 1, 1, 4]],
  [
    'deep stem, average-pool shortcuts',
    { ...basicV2, stem: 'deep', projection: preActivationAveragePoolProjection },
    [1, 37, 33, 3],
  ],
  [
    'tiered stem, silu',
    { ...deepV2, stem: 'tiered', projection: preActivationAveragePoolProjection, activation: silu, name: 'tiered' },
    [2, 33, 34, 3],
  ],
  ['like Gluon', { ...deepV2, stemNorms: true }, [1, 33, 32, 3]],
  ['like BiT', { ...deepV2, channels: 32, norm: groupNorm, standardise: 1e-8, zeroPadStem: true }, [1, 33, 32, 3]],
  // A large epsilon keeps the values small, which batch norms with fixed statistics would not.
  ['standardised before batch norms, deep stem', { ...basicV2, stem: 'deep', standardise: 1 }, [1, 33, 32, 3]],
  [
    'output stride 8, average-pool shortcuts',
    { ...deepV2, blocks: [1, 1, 2, 1], outputStride: 8, projection: preActivationAveragePoolProjection },
    [1, 41, 33, 3],
  ],
  [
    'output stride 16, shortcut C',
    { ...basicV2, blocks: [1, 1, 1, 1], outputStride: 16, shortcut: 'C' },
    [1, 65, 64, 3],
  ],
  ['shortcut A', { ...basicV2, shortcut: 'A', zeroInitResidual: true }, [1, 33, 32, 3]],
  ['catavgmax', { ...basicV2, globalPool: 'catavgmax' }, [2, 33, 35, 3]],
  ['embedding', { ...deepV2, numClasses: 0, globalPool: 'avgmax' }, [2, 33, 35, 3]],
  ['without a top', { ...deepV2, includeTop: false }, [1, 33, 35, 3]],
]

/** Options that act in training alone, against the networks without them. */
function dropping(): OptionNetwork[] {
  const rates = { dropRate: 0.5, dropPathRate: 0.3 }
  const image = [2, 33, 35, 3]
  const options = Object.keys(rates)
  return [
    { name: 'that drops', options, graph: resnet({ ...deep, ...rates }), same: resnet(deep), image },
    {
      name: 'pre-activated, that drops',
      options,
      graph: resnetV2({ ...basicV2, ...rates }),
      same: resnetV2(basicV2),
      image,
    },
  ]
}
