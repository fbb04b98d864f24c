import { inputsOf, type Shape, type Shapes, sizeOf } from '@resnet-ts/graph'
import { alignUp, type Lifetime, layOut } from './arena.js'
import { convolutionOps } from './convolutions.js'
import { isWeighted } from './forms.js'
import type { PlannedOp } from './layout.js'
import { otherOps } from './others.js'
import type { Prepared, Site } from './site.js'
import type { Step } from './steps.js'

/** Where a tensor of the caller's lies, and how many elements it has. */
export interface Slot {
  readonly name: string
  readonly address: number
  readonly shape: Shape
}

/** An inference of one batch and size, ready to be walked. */
export interface Plan {
  readonly ops: readonly PlannedOp[]
  readonly inputs: readonly Slot[]
  readonly outputs: readonly Slot[]
  /** Bytes of the arena, from where it was said to begin. */
  readonly arenaBytes: number
  /** Bytes of scratch that each thread needs. */
  readonly scratchBytes: number
}

/** Lays out the values of an inference, and writes its ops, with the arena at `base`. */
export function planFor(prepared: Prepared, shapes: Shapes, base: number): Plan {
  const { graph, steps } = prepared
  const { addresses, extras, bytes } = placeValues(prepared, shapes, base)
  const at = (value: string) => addresses.get(value) as number
  const planned = steps.map((step, index) => {
    const site: Site = { step, shapes, at, extra: extras[index], prepared }
    return isWeighted(step.node) ? convolutionOps(site, step.node) : otherOps(site)
  })
  const slot = (name: string, node: string) => ({ name, address: at(node), shape: shapes.get(node) as Shape })
  return {
    ops: planned.flatMap(({ ops }) => ops),
    inputs: inputsOf(graph).map(({ name }) => slot(name, name)),
    outputs: Object.entries(graph.outputs).map(([name, node]) => slot(name, node)),
    arenaBytes: bytes,
    scratchBytes: alignUp(Math.max(0, ...planned.map(({ scratchBytes }) => scratchBytes))),
  }
}

/** An address for every value that is kept in memory, and for what steps need beside. */
function placeValues({ graph, steps, weighed }: Prepared, shapes: Shapes, base: number) {
  const lastReads = new Map<string, number>()
  steps.forEach((step, index) => {
    for (const input of step.inputs) lastReads.set(input, index)
  })
  for (const node of Object.values(graph.outputs)) lastReads.set(node, steps.length)
  const bytesOf = (value: string) => sizeOf(shapes.get(value) as Shape) * 4

  const lifetimes: { bytes: number; from: number; to: number }[] = []
  const indices = new Map<string, number>()
  const place = (value: string, from: number) => {
    indices.set(value, lifetimes.length)
    lifetimes.push({ bytes: bytesOf(value), from, to: lastReads.get(value) ?? from })
  }
  const inputNames = new Set(inputsOf(graph).map(({ name }) => name))
  for (const name of inputNames) place(name, -1)
  steps.forEach((step, index) => {
    const reused = reusable(step).find(
      (value) => lastReads.get(value) === index && bytesOf(value) === bytesOf(step.output),
    )
    const shared = reused === undefined ? undefined : indices.get(reused)
    if (shared === undefined) place(step.output, index)
    else {
      indices.set(step.output, shared)
      lifetimes[shared].to = lastReads.get(step.output) ?? index
    }
  })
  const extraLifetimes: Lifetime[] = steps.map((step, index) => {
    const bytes = isWeighted(step.node) ? weighed.extraBytes(step.node, shapes.get(step.inputs[0]) as Shape) : 0
    return { bytes, from: index, to: index }
  })
  const { offsets, bytes } = layOut([...lifetimes, ...extraLifetimes])
  return {
    addresses: new Map([...indices].map(([value, index]) => [value, base + offsets[index]])),
    extras: extraLifetimes.map((_, index) => base + offsets[lifetimes.length + index]),
    bytes,
  }
}

/** The inputs whose memory a step may write its output over, since it reads each value no later than it writes there. */
function reusable({ node, inputs, parts }: Step): readonly string[] {
  if (parts || node.op === 'groupNorm') return inputs
  // The residual; never the map, of which other pixels are still to be read.
  return node.op === 'conv2d' && inputs[1] !== inputs[0] ? inputs.slice(1) : []
}
