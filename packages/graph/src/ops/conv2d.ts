import { describeValue, isRecord } from '../describe.js'
import { sizeOf } from '../tensor.js'
import { featureMap, type Padding, type Pair } from '../value.js'
import { type ActivationKind, activationKinds } from './activation.js'
import {
  type Fail,
  type Op,
  type OpParameter,
  requireBoolean,
  requireChannels,
  requireEpsilon,
  requireOneOf,
  requireRank,
  requireWhole,
  requireWholes,
} from './op.js'
import { printWindow, requireWindow, slide } from './window.js'

/** What passes append to a convolution, in this order: `activation(conv(x) + bias + residual)`. */
export interface Epilogue {
  /** Whether a second input, of the output's shape, is added. */
  readonly residual: boolean
  /** What is applied to the sum; null for nothing. */
  readonly activation: ActivationKind | null
}

/**
 * A 2-D cross-correlation `[n, h, w, in] → [n, h', w', out]`, as `torch.nn.Conv2d`: parameters `weight`
 * `[out, in / groups, kernelHeight, kernelWidth]` and, if `bias`, `bias` `[out]`.
 */
export interface Conv2dAttributes {
  /** Those of the input, which `groups` divides. */
  readonly inChannels: number
  /** Those of the output, which `groups` divides. */
  readonly outChannels: number
  /** The size of the filters, in pixels. */
  readonly kernel: Pair
  /** How far the filters move, in pixels. */
  readonly stride: Pair
  /** Zeros around the map, in pixels. */
  readonly padding: Padding
  /** Pixels from one tap of a filter to the next. */
  readonly dilation: Pair
  /** How many parts the channels fall into, each convolved by itself. */
  readonly groups: number
  /** Whether a number a channel is added. */
  readonly bias: boolean
  /**
   * Takes every filter to mean 0 and deviation 1 before it is used, with this epsilon under the root, as timm's
   * `StdConv2d`; `lower` carries it out, so that no backend has to.
   */
  readonly standardise?: number
  /** Starts the weight at zero, where a block is to start as the identity. */
  readonly zeroInit?: boolean
  /** Only passes create it. */
  readonly epilogue?: Epilogue
}

export const conv2d: Op<Conv2dAttributes> = {
  arity: [1, 2],
  type(inputs, attributes, fail) {
    const { inChannels, outChannels, groups, epilogue } = attributes
    requireRank(4, inputs, fail)
    requireWindow(attributes, fail)
    requireWholes('dilation', attributes.dilation, 2, 1, fail)
    if ('ceilMode' in attributes) fail('no ceilMode, which poolings alone have', describeValue(attributes.ceilMode))
    requireChannels(inChannels, inputs[0]!, fail)
    requireWhole('channels', outChannels, 1, fail)
    requireWhole('groups', groups, 1, fail)
    requireBoolean('bias', attributes.bias, fail)
    if (attributes.standardise !== undefined) requireEpsilon(attributes.standardise, fail)
    if (attributes.zeroInit !== undefined) requireBoolean('zeroInit', attributes.zeroInit, fail)
    if (epilogue !== undefined) requireEpilogue(epilogue, fail)
    if (inChannels % groups || outChannels % groups) {
      fail(`channels that ${groups} groups divide`, `${inChannels} → ${outChannels}`)
    }
    const residual = epilogue?.residual ?? false
    if (inputs.length !== (residual ? 2 : 1)) fail(residual ? '2 inputs' : '1 input', String(inputs.length))
    if (residual && inputs[1]!.channels !== outChannels) {
      fail(`a residual of ${outChannels} channels`, String(inputs[1]!.channels))
    }
    return featureMap(outChannels)
  },
  shape(inputs, attributes, fail) {
    const output = [inputs[0]![0]!, ...slide(inputs[0]!, attributes, fail), attributes.outChannels]
    if (attributes.epilogue?.residual && inputs[1]!.join() !== output.join()) {
      fail(`a residual of shape [${output.join(', ')}]`, `[${inputs[1]!.join(', ')}]`)
    }
    return output
  },
  parameters({ inChannels, outChannels, kernel, groups, bias, zeroInit }) {
    const weight: OpParameter = {
      suffix: 'weight',
      shape: [outChannels, inChannels / groups, ...kernel],
      initial: zeroInit ? 'zeros' : 'kaimingNormalFanOut',
      trainable: true,
    }
    return bias
      ? [weight, { suffix: 'bias', shape: [outChannels], initial: 'fanInUniform', trainable: true }]
      : [weight]
  },
  macs: (output, { inChannels, kernel, groups }) => sizeOf(output) * (inChannels / groups) * kernel[0] * kernel[1],
  print(attributes) {
    const { inChannels, outChannels, groups, bias, epilogue } = attributes
    const words = [`${inChannels} → ${outChannels}`, printWindow(attributes)]
    if (groups !== 1) words.push(`groups ${groups}`)
    if (attributes.standardise !== undefined) words.push('standardised')
    if (bias) words.push('+ bias')
    if (epilogue?.residual) words.push('+ residual')
    if (epilogue?.activation) words.push(`→ ${epilogue.activation}`)
    return words.join(' ')
  },
}

function requireEpilogue(epilogue: Epilogue, fail: Fail): void {
  if (!isRecord(epilogue)) fail('an epilogue', describeValue(epilogue))
  requireBoolean("the epilogue's residual", epilogue.residual, fail)
  if (epilogue.activation !== null) requireOneOf(activationKinds, epilogue.activation, fail)
}
