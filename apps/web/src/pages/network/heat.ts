import type { Cost } from '@resnet-ts/graph'
import { count } from '../../components/words.js'

/** What the colour of a box tells. */
export const heats = { macs: 'Multiplications', parameters: 'Parameters', none: 'None' } as const
export type Heat = keyof typeof heats

/** How much of the greatest cost this is, from 0 to 1; by its root, so that small ones can be told apart. */
export function heatOf(cost: Cost, heat: Heat, greatest: Cost): number {
  if (heat === 'none' || greatest[heat] === 0) return 0
  return Math.sqrt(cost[heat] / greatest[heat])
}

/** `218 M MACs`; nothing where there are none. */
export function measuredIn(cost: Cost, heat: Heat): string | undefined {
  if (heat === 'none' || cost[heat] === 0) return undefined
  return `${count(cost[heat])} ${heat === 'macs' ? 'MACs' : 'parameters'}`
}

export function greatestOf(costs: readonly Cost[]): Cost {
  const most = (part: keyof Cost) => costs.reduce((sum, cost) => Math.max(sum, cost[part]), 0)
  return { parameters: most('parameters'), macs: most('macs'), convActivations: most('convActivations') }
}
