import type { Graph } from '@resnet-ts/graph'

/** For each node, the values that are needed up to it and no further; outputs are needed to the end. */
export function lastUsesOf(graph: Graph): string[][] {
  const outputs = new Set(Object.values(graph.outputs))
  const last = new Map<string, number>()
  for (const [index, node] of graph.nodes.entries()) {
    for (const name of [node.name, ...node.inputs]) last.set(name, index)
  }
  const lastUses: string[][] = graph.nodes.map(() => [])
  for (const [name, index] of last) if (!outputs.has(name)) lastUses[index].push(name)
  return lastUses
}
