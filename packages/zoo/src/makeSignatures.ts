import { parameters } from '@resnet-ts/graph'
import { models } from './catalog.js'
import { signatureOf } from './signature.js'

/**
 * Every signature of the zoo and what has it: `name`, or `name:shortcut` where the shortcut is not the model's own. The
 * plainest name, which is the shortest, comes first. It builds every graph, so it is for making the table alone.
 */
export function makeSignatures(): ReadonlyMap<number, readonly string[]> {
  const table = new Map<number, string[]>()
  const add = (hash: number, entry: string) => table.set(hash, [...(table.get(hash) ?? []), entry])
  const plainestFirst = [...models].sort(([left], [right]) => left.length - right.length || (left < right ? -1 : 1))
  for (const [name, factory] of plainestFirst) {
    const hashOf = (shortcut?: 'A' | 'B' | 'C') =>
      signatureOf(new Map(parameters(factory({ shortcut })).map(({ key, shape }) => [key, shape])))
    const own = hashOf()
    add(own, name)
    const seen = new Set([own])
    for (const shortcut of ['A', 'B', 'C'] as const) {
      const hash = hashOf(shortcut)
      if (!seen.has(hash)) add(hash, `${name}:${shortcut}`)
      seen.add(hash)
    }
  }
  return new Map([...table].sort(([left], [right]) => left - right))
}
