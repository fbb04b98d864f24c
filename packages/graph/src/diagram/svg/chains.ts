import type { Box, Edge } from '../drawing.js'

/** Boxes below each other in one lane. */
export interface Chain {
  readonly lane: number
  /** From top to bottom. */
  readonly boxes: readonly number[]
  /** The box of another chain at which this one ends; nothing for the main way, and for what leads nowhere. */
  readonly joins: number | undefined
}

/**
 * Every box in one chain: the main way first, which ends at the last box and at each fork takes the way of most
 * layers, shortcuts aside; then what comes to it from the side, and so on, in the nearest lane that is free there.
 */
export function chainsOf(boxes: readonly Box[], edges: readonly Edge[]): readonly Chain[] {
  const into: Edge[][] = boxes.map(() => [])
  for (const edge of edges) into[edge.to]!.push(edge)
  const depths: number[] = []
  for (const { id } of boxes) depths.push(1 + Math.max(0, ...into[id]!.map((edge) => depths[edge.from]!)))
  const chains: (Chain & { readonly start: number })[] = []
  const placed = new Set<number>()
  const add = (end: number, least: number, joins: number | undefined) => {
    const way = wayTo(end, into, depths, placed)
    for (const id of way) placed.add(id)
    const source = into[way[0]!]![0]?.from ?? way[0]!
    const start = Math.min(source, way[0]!)
    const stop = joins ?? end + 1
    const overlaps = (lane: number) =>
      chains.some(
        (chain) => chain.lane === lane && start < (chain.joins ?? chain.boxes.at(-1)! + 1) && chain.start < stop,
      )
    let lane = least
    while (overlaps(lane)) lane++
    chains.push({ lane, boxes: way, joins, start })
    for (const id of way) {
      for (const { from } of into[id]!) if (!placed.has(from)) add(from, lane + 1, id)
    }
  }
  for (const { id } of boxes.toReversed()) if (!placed.has(id)) add(id, chains.length === 0 ? 0 : 1, undefined)
  return chains
}

/** Back from a box to a start, or to what has its place already. */
function wayTo(
  end: number,
  into: readonly (readonly Edge[])[],
  depths: readonly number[],
  placed: ReadonlySet<number>,
) {
  const way = [end]
  for (let id: number | undefined = end; id !== undefined; ) {
    const edges: readonly Edge[] = into[id]!
    const flow = edges.filter((edge) => edge.kind === 'flow')
    const candidates = flow.length > 0 ? flow : edges
    const longest = Math.max(...candidates.map((edge) => depths[edge.from]!))
    const next = candidates.find((edge) => depths[edge.from] === longest)?.from
    if (next === undefined || placed.has(next)) break
    way.unshift(next)
    id = next
  }
  return way
}
