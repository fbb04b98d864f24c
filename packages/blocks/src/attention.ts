import type { GraphBuilder, Value } from '@resnet-ts/graph'

/**
 * A gate over channels, which a block applies to its branch before the sum. It keeps the shape. `channels` are those
 * of the block by its rule, also where pruning left fewer.
 */
export type Attention = (g: GraphBuilder, x: Value, options: { readonly channels: number }) => Value

/**
 * Squeeze and excitation (Hu et al. 2017; timm `SEModule`): pooled channels through two 1×1 convolutions, `se.fc1`
 * and `se.fc2`, to a gate.
 *
 * @param options.reduction - the share of the channels that is left between the two; 1/16 if left out
 * @param options.divisor - that number is rounded to a multiple of it, and is at least it; 8 if left out
 */
export function squeezeExcitation(options: { reduction?: number; divisor?: number } = {}): Attention {
  const { reduction = 1 / 16, divisor = 8 } = options
  return (g, x) =>
    g.scope('se', 'squeezeExcitation', () => {
      const { channels } = x.type
      const squeezed = Math.max(divisor, Math.floor((channels * reduction + divisor / 2) / divisor) * divisor)
      const pooled = g.globalPool(x, { keepDimensions: true })
      const hidden = g.relu(g.conv2d(pooled, { name: 'fc1', channels: squeezed, kernel: 1, bias: true }))
      const gate = g.activation(g.conv2d(hidden, { name: 'fc2', channels, kernel: 1, bias: true }), 'sigmoid')
      return g.multiply(x, gate)
    })
}

/**
 * Efficient channel attention (Wang et al. 2019; timm `EcaModule`): a convolution along the pooled channels,
 * `se.conv`, whose kernel grows with the logarithm of their number.
 */
export const efficientChannelAttention: Attention = (g, x, { channels }) =>
  g.scope('se', 'efficientChannelAttention', () => {
    const reach = Math.floor((Math.log2(channels) + 1) / 2)
    const kernel = Math.max(3, reach % 2 === 1 ? reach : reach + 1)
    const pooled = g.globalPool(x, { keepDimensions: true })
    return g.multiply(x, g.activation(g.channelConv1d(pooled, { name: 'conv', kernel }), 'sigmoid'))
  })
