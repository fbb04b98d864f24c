import type { SummaryNode } from '@resnet-ts/graph'

/** A line of the drawing. */
export interface TreeLine {
  /** The branches and the node's own part of its name: `│  ├─ 0`. */
  readonly label: string
  readonly node: SummaryNode
}

/**
 * A tree as lines, each node before its children.
 *
 * @param depth - levels below the root that are drawn
 */
export function treeLines(root: SummaryNode, depth: number): TreeLine[] {
  const below = (parent: SummaryNode, indent: string, levels: number): TreeLine[] => {
    if (levels === 0) return []
    return parent.children.flatMap((node, index) => {
      const last = index === parent.children.length - 1
      const own = parent !== root && node.name.startsWith(`${parent.name}.`)
      const name = own ? node.name.slice(parent.name.length + 1) : node.name
      return [
        { label: `${indent}${last ? '└─' : '├─'} ${name}`, node },
        ...below(node, `${indent}${last ? '  ' : '│ '} `, levels - 1),
      ]
    })
  }
  return [{ label: root.name, node: root }, ...below(root, '', depth)]
}
