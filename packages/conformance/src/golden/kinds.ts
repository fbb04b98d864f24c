import { type GoldenRun, modelRun } from './runs.js'

/** For each kind of network, the smallest that has it: a test holds them against the ninety that there are. */
const networks = [
  ['blocks that differ from stage to stage', 'test_resnet'],
  ['tiered stem, basic blocks', 'resnet10t'],
  ['plain stem, basic blocks', 'resnet18'],
  ['deep stem, average-pool shortcuts', 'resnet18d'],
  ['deep stem of twice the width, bottlenecks', 'resnet50s'],
  ['grouped bottlenecks, efficient channel attention', 'ecaresnext26t_32x4d'],
  ['squeeze and excitation in basic blocks', 'seresnet18'],
  ['squeeze and excitation in grouped bottlenecks', 'seresnext26d_32x4d'],
  ['blur pooling', 'resnetblur18'],
  ['antialiasing by average pooling', 'resnetaa34d'],
  ['ResNet-RS: a stem that pools by a convolution', 'resnetrs50'],
  ['group norm', 'resnet50_gn'],
  ['pruned widths', 'ecaresnet50d_pruned'],
  ['narrowed first convolutions, 3×3 shortcuts', 'senet154'],
  ['pre-activated basic blocks', 'resnetv2_18'],
  ['pre-activated, deep stem, average-pool shortcuts', 'resnetv2_18d'],
  ['pre-activated bottlenecks, tiered stem', 'resnetv2_50t'],
  ['pre-activated, group norm, standardised weights, a stem padded with zeros', 'resnetv2_50x1_bit'],
] as const

/** A kind of network, in words, and the run of one that has it. */
export type Kind = readonly [title: string, run: GoldenRun]

/** Those that take long, by their parameters, are left out but for `RESNET_TS_LONG=1`, visibly. */
export function unlessLong(title: string, { parameters }: GoldenRun, most: number) {
  const isLong = !process.env.RESNET_TS_LONG && parameters > most
  return { isLong, title: isLong ? `${title} (skipped: long; RESNET_TS_LONG=1 runs it)` : title }
}

/** Parameters of the networks that other people's runtimes compute; unless there is time, those of the smaller ones. */
export const mostForOthers = process.env.RESNET_TS_LONG ? 100e6 : 16e6

/** One network of each kind there is; with a limit, without those that have more parameters, which take long. */
export function kinds(limit = Number.POSITIVE_INFINITY): Kind[] {
  return networks
    .map(([kind, name]): Kind => {
      return [`${kind}: ${name}`, modelRun(name, name.startsWith('resnetv2') ? 'timm-v2' : 'timm')]
    })
    .filter(([, { parameters }]) => parameters <= limit)
}
