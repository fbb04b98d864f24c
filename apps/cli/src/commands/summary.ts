import { reference } from '@resnet-ts/backend-reference'
import { type Graph, inputsOf, OptionError, type Shape, type SummaryNode, summarise } from '@resnet-ts/graph'
import { embeddedWeights, load, resolveName } from 'resnet-ts'
import type { Context } from '../context.js'
import type { SummaryFormat } from '../options.js'
import { table } from '../output/table.js'
import { treeLines } from '../output/tree.js'
import { compact, exact } from '../output/units.js'

export interface SummaryArguments {
  readonly depth?: number
  readonly inputSize?: number
  readonly json?: boolean
  readonly format?: SummaryFormat
  /** Of a diagram. */
  readonly scope?: string
  /** Of an SVG. */
  readonly theme?: 'light' | 'dark'
}

/** A node of the tree in JSON. */
interface TreeNode {
  readonly name: string
  readonly kind: string
  readonly shape: Shape
  readonly parameters: number
  readonly macs: number
  readonly convActivations: number
  readonly children: readonly TreeNode[]
}

/** `resnet summary <model>` */
export async function summary(name: string, options: SummaryArguments, context: Context): Promise<void> {
  const { graph, size } = await networkOf(name, context.signal)
  const [height, width] = options.inputSize === undefined ? size : [options.inputSize, options.inputSize]
  const [image] = inputsOf(graph)
  const input = [1, height, width, image!.type.channels]
  const inputs = { [image!.name]: input }
  const format = options.format ?? (options.json ? 'json' : 'tree')
  requireFitting(options, format)
  if (format === 'mermaid' || format === 'dot' || format === 'svg') {
    context.print(await diagram(graph, inputs, options, format))
    return
  }
  const tree = summarise(graph, inputs)
  if (format === 'json') {
    const document = { model: name, input, total: tree.cost, tree: treeOf(tree, options.depth ?? Infinity) }
    context.print(JSON.stringify(document, undefined, 2))
  } else printTree(tree, input, options.depth ?? 2, context)
}

/** Refuses options that belong to other formats. */
function requireFitting({ scope, theme }: SummaryArguments, format: SummaryFormat): void {
  const refuse = (option: string, formats: string) => {
    throw new OptionError({ subject: option, expected: `one of the formats ${formats}`, found: format })
  }
  if (scope !== undefined && ['tree', 'json'].includes(format)) refuse('--scope', 'mermaid, dot, svg')
  if (theme !== undefined && format !== 'svg') refuse('--theme', 'svg')
}

async function diagram(
  graph: Graph,
  inputs: Readonly<Record<string, Shape>>,
  { depth, scope, theme }: SummaryArguments,
  format: 'mermaid' | 'dot' | 'svg',
): Promise<string> {
  const { toDot, toMermaid, toSvg } = await import('@resnet-ts/graph/diagram')
  const options = { scope, depth: depth === undefined ? undefined : depth < 2 ? 'groups' : 'blocks' } as const
  if (format === 'svg') return toSvg(graph, inputs, { ...options, theme })
  return (format === 'dot' ? toDot : toMermaid)(graph, inputs, options).trimEnd()
}

/**
 * The network that a name stands for, and the size of its images; of a name with a tag, those of that checkpoint.
 *
 * @throws {UnknownModelError} when there is no such model
 * @throws {OptionError} when it has no such tag, telling those it has
 */
async function networkOf(
  name: string,
  signal: AbortSignal,
): Promise<{ readonly graph: Graph; readonly size: readonly [number, number] }> {
  if (embeddedWeights.some(({ architecture, tag }) => name === `${architecture}.${tag}`)) {
    // Loaded, since the card of the weights may build it with other options. The lightest backend will do.
    const { graph, preprocess, dispose } = await load(name, { backends: [reference()], signal })
    await dispose()
    return { graph, size: preprocess.size }
  }
  const { factory, checkpoint } = await resolveName(name)
  const { size } = checkpoint?.preprocess ?? factory.preprocess
  return { graph: factory({ numClasses: checkpoint?.numClasses }), size }
}

function treeOf({ name, kind, shape, cost, children }: SummaryNode, depth: number): TreeNode {
  return {
    name,
    kind,
    shape,
    parameters: cost.parameters,
    macs: cost.macs,
    convActivations: cost.convActivations,
    children: depth > 0 ? children.map((child) => treeOf(child, depth - 1)) : [],
  }
}

function printTree(tree: SummaryNode, input: Shape, depth: number, { print, colours }: Context): void {
  const rows = treeLines(tree, depth).map(({ label, node }) => [
    label,
    node.kind,
    size(node.shape),
    node.cost.parameters === 0 ? '' : exact(node.cost.parameters),
    node.cost.macs === 0 ? '' : exact(node.cost.macs),
  ])
  const heading = ['layer', 'kind', 'output', 'parameters', 'MACs']
  const [first, ...lines] = table([heading, ...rows], ['left', 'left', 'right', 'right', 'right'])
  const { parameters, macs, convActivations } = tree.cost
  const totals = table(
    [
      ['input', size(input), ''],
      ['parameters', exact(parameters), compact(parameters)],
      ['multiply-accumulates', exact(macs), compact(macs)],
      ['convolution activations', exact(convActivations), compact(convActivations)],
    ],
    ['left', 'right', 'right'],
  )
  print([colours.bold(first), ...lines, '', ...totals].join('\n'))
}

/** Of one image: `56 × 56 × 256`. */
function size(shape: Shape): string {
  return shape.slice(1).join(' × ')
}
