import { describeValue } from './describe.js'
import { failAt, type Graph, inferType, type Node, type Scope } from './graph.js'
import type { ActivationKind } from './ops/activation.js'
import type { GlobalPoolKind } from './ops/globalPool.js'
import type { OpAttributes, OpName } from './ops/index.js'
import { type Range, whole } from './ops/slice.js'
import type { Padding, Pair, ValueType } from './value.js'
import { verify } from './verify.js'

/** A value inside a graph that is being built: a feature map, or a vector. */
export interface Value {
  /** The name of the node that computes it. */
  readonly name: string
  /** Its rank and its channels, which are known before any image size is. */
  readonly type: ValueType
}

/** One number for both directions, or `[vertical, horizontal]`. */
export type PairOption = number | Pair

/** Pixels on every side, or `[top, right, bottom, left]`. */
export type PaddingOption = number | Padding

/** What every node can be told. */
export interface NodeOptions {
  /** Inside the current scope. Left out, it is the op's name, made unique by a number. */
  readonly name?: string | undefined
}

/** A window that slides over a map: of a convolution or a pooling. */
export interface WindowOptions extends NodeOptions {
  /** The window's size, in pixels. */
  readonly kernel: PairOption
  /** How far it moves, in pixels. @defaultValue 1 for convolutions; the kernel for poolings, as in PyTorch */
  readonly stride?: PairOption | undefined
  /** Pixels around the map: zeros for convolutions and averages; for maxima, what never wins. @defaultValue 0 */
  readonly padding?: PaddingOption | undefined
}

/** A 2-D convolution, as `torch.nn.Conv2d`. */
export interface Conv2dOptions extends WindowOptions {
  /** How many channels it yields. */
  readonly channels: number
  /** Pixels from one tap of the kernel to the next. @defaultValue 1 */
  readonly dilation?: PairOption | undefined
  /** How many parts the channels fall into, each convolved by itself. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Whether a number a channel is added. @defaultValue false: a norm follows most convolutions */
  readonly bias?: boolean | undefined
  /** Standardises every filter (Qiao et al. 2019) with this epsilon. @defaultValue not at all */
  readonly standardise?: number | undefined
  /** Starts the weight at zero. @defaultValue false */
  readonly zeroInit?: boolean | undefined
}

/** A normalisation with a weight and a bias a channel. */
export interface NormOptions extends NodeOptions {
  /** Added to the variance under the root. @defaultValue 1e-5 */
  readonly epsilon?: number | undefined
  /** Starts the weight at zero, so that a residual block starts as the identity. @defaultValue false */
  readonly zeroInit?: boolean | undefined
}

/**
 * Writes a graph down, node by node. Every method refuses what cannot be with a `GraphError` that names the node.
 * Feature maps are `[batch, height, width, channels]`; names are relative to the current scope.
 */
export class GraphBuilder {
  readonly #name: string
  readonly #nodes = new Map<string, Node>()
  readonly #outputs = new Map<string, string>()
  readonly #scopes: Scope[] = []
  /** Where in the order of the checkpoint a name's nodes stand: half a step before the node that was written next. */
  readonly #reserved = new Map<string, number>()
  #prefix = ''

  /** @param name - the network's: `resnet50` */
  constructor(name: string) {
    this.#name = name
  }

  /** What the caller gives to a run: images `[n, h, w, channels]`, or vectors `[n, channels]` with rank 2. */
  input(name: string, options: { readonly channels: number; readonly rank?: 2 | 4 | undefined }): Value {
    return this.#append('input', { name }, [], { rank: options.rank ?? 4, channels: options.channels })
  }

  /** A 2-D convolution, `[n, h, w, c] → [n, h', w', channels]`: `torch.nn.Conv2d`. */
  conv2d(x: Value, options: Conv2dOptions): Value {
    return this.#append('conv2d', options, [x], {
      inChannels: x.type.channels,
      outChannels: options.channels,
      kernel: pair(options.kernel),
      stride: pair(options.stride ?? 1),
      padding: sides(options.padding ?? 0),
      dilation: pair(options.dilation ?? 1),
      groups: options.groups ?? 1,
      bias: options.bias ?? false,
      ...(options.standardise !== undefined && { standardise: options.standardise }),
      ...(options.zeroInit && { zeroInit: options.zeroInit }),
    })
  }

  /** Batch normalisation by running statistics, `[n, h, w, c]` unchanged: `torch.nn.BatchNorm2d` in evaluation. */
  batchNorm(x: Value, options: NormOptions = {}): Value {
    return this.#append('batchNorm', options, [x], {
      channels: x.type.channels,
      epsilon: options.epsilon ?? 1e-5,
      zeroInit: options.zeroInit ?? false,
    })
  }

  /** Normalisation over height, width and the channels of a group (Wu and He 2018): `torch.nn.GroupNorm`. */
  groupNorm(x: Value, options: NormOptions & { readonly groups: number }): Value {
    return this.#append('groupNorm', options, [x], {
      channels: x.type.channels,
      groups: options.groups,
      epsilon: options.epsilon ?? 1e-5,
      zeroInit: options.zeroInit ?? false,
    })
  }

  /** An activation, element by element; left unnamed, the node is called by its kind. */
  activation(x: Value, kind: ActivationKind, options: NodeOptions = {}): Value {
    return this.#append('activation', { name: options.name ?? this.#unused(kind) }, [x], { kind })
  }

  /** The rectifier: `max(x, 0)`. */
  relu(x: Value, options: NodeOptions = {}): Value {
    return this.activation(x, 'relu', options)
  }

  /** The sum of two values of one shape: where a shortcut meets its block. */
  add(left: Value, right: Value, options: NodeOptions = {}): Value {
    return this.#append('add', options, [left, right], {})
  }

  /** `map` times a value of its shape, or times a gate `[n, 1, 1, c]`. */
  multiply(map: Value, gate: Value, options: NodeOptions = {}): Value {
    return this.#append('multiply', options, [map, gate], {})
  }

  /** The maximum over a sliding window, `[n, h, w, c] → [n, h', w', c]`: `torch.nn.MaxPool2d`. */
  maxPool(x: Value, options: WindowOptions & { readonly ceilMode?: boolean | undefined }): Value {
    return this.#append('maxPool', options, [x], {
      kernel: pair(options.kernel),
      stride: pair(options.stride ?? options.kernel),
      padding: sides(options.padding ?? 0),
      ceilMode: options.ceilMode ?? false,
    })
  }

  /** The mean over a sliding window, `[n, h, w, c] → [n, h', w', c]`: `torch.nn.AvgPool2d`. */
  avgPool(
    x: Value,
    options: WindowOptions & {
      readonly ceilMode?: boolean | undefined
      /** @defaultValue true, as in PyTorch */
      readonly countIncludePad?: boolean | undefined
    },
  ): Value {
    return this.#append('avgPool', options, [x], {
      kernel: pair(options.kernel),
      stride: pair(options.stride ?? options.kernel),
      padding: sides(options.padding ?? 0),
      ceilMode: options.ceilMode ?? false,
      countIncludePad: options.countIncludePad ?? true,
    })
  }

  /** A binomial blur, of which every `stride`-th pixel is kept. */
  blurPool(x: Value, options: NodeOptions & { readonly kernel: number; readonly stride: number }): Value {
    return this.#append('blurPool', options, [x], { kernel: options.kernel, stride: options.stride })
  }

  /** A map to one value a channel: `[n, c]`, or `[n, 1, 1, c]` with `keepDimensions`. */
  globalPool(
    x: Value,
    options: NodeOptions & {
      readonly kind?: GlobalPoolKind | undefined
      readonly keepDimensions?: boolean | undefined
    } = {},
  ): Value {
    return this.#append('globalPool', options, [x], {
      kind: options.kind ?? 'avg',
      keepDimensions: options.keepDimensions ?? false,
    })
  }

  /** `[n, c] → [n, channels]`, with a bias unless told otherwise: `torch.nn.Linear`. */
  linear(x: Value, options: NodeOptions & { readonly channels: number; readonly bias?: boolean | undefined }): Value {
    return this.#append('linear', options, [x], {
      inChannels: x.type.channels,
      outChannels: options.channels,
      bias: options.bias ?? true,
    })
  }

  /**
   * A convolution along the channels of pooled values, which keeps their number (Wang et al. 2019); the kernel is odd.
   */
  channelConv1d(x: Value, options: NodeOptions & { readonly kernel: number }): Value {
    return this.#append('channelConv1d', options, [x], { kernel: options.kernel })
  }

  /** Pixels around a map, zeros or its reflection, and zero channels `[before, after]` its own. */
  pad(
    x: Value,
    options: NodeOptions & {
      readonly padding?: PaddingOption | undefined
      readonly channels?: readonly [before: number, after: number] | undefined
      readonly mode?: 'zero' | 'reflect' | undefined
    },
  ): Value {
    return this.#append('pad', options, [x], {
      padding: sides(options.padding ?? 0),
      channels: pair(options.channels ?? 0),
      mode: options.mode ?? 'zero',
    })
  }

  /** A part of a map; what is left out of a range is the whole of it. */
  slice(
    x: Value,
    options: NodeOptions & {
      readonly rows?: Partial<Range> | undefined
      readonly columns?: Partial<Range> | undefined
      readonly channels?: Partial<Range> | undefined
    },
  ): Value {
    return this.#append('slice', options, [x], {
      rows: { ...whole, ...options.rows },
      columns: { ...whole, ...options.columns },
      channels: { ...whole, ...options.channels },
    })
  }

  /** Values side by side along their channels. */
  concat(values: readonly Value[], options: NodeOptions = {}): Value {
    return this.#append('concat', options, values, {})
  }

  /** Drops single elements with probability `rate` while training; the identity otherwise. */
  dropout(x: Value, options: NodeOptions & { readonly rate: number }): Value {
    return this.#append('dropout', options, [x], { rate: options.rate })
  }

  /**
   * Drops the branch of single images with probability `rate` while training (Huang et al. 2016); the identity otherwise.
   */
  dropPath(x: Value, options: NodeOptions & { readonly rate: number }): Value {
    return this.#append('dropPath', options, [x], { rate: options.rate })
  }

  /** The softmax over the channels. */
  softmax(x: Value, options: NodeOptions = {}): Value {
    return this.#append('softmax', options, [x], {})
  }

  /**
   * Runs `write` with `name` in front of the names of all nodes it writes, and records the part so that it can be
   * addressed (`selectOutputs`) and shown (`summarise`).
   */
  scope(name: string, kind: string, write: () => Value): Value {
    const outer = this.#prefix
    const full = outer + name
    const user = { name: full, op: 'scope' }
    requireName(name, user)
    if (this.#scopes.some((scope) => scope.name === full)) {
      failAt(user)('a name that is not taken', 'a second scope of that name')
    }
    // Scopes are listed outside in, in the order in which they are entered.
    const place = this.#scopes.push({ name: full, kind, output: '' }) - 1
    this.#prefix = `${full}.`
    try {
      const output = this.#own(write(), user)
      this.#scopes[place] = { name: full, kind, output: output.name }
      return output
    } finally {
      this.#prefix = outer
    }
  }

  /**
   * Keeps a place in the order of the checkpoint, here, for a node or a scope that is written later: some blocks own
   * a shortcut before the norm that its input comes from.
   */
  reserve(name: string): void {
    const full = this.#prefix + name
    requireName(name, { name: full, op: 'reserve' })
    this.#reserved.set(full, this.#nodes.size - 0.5)
  }

  /** Declares what a run yields. */
  output(name: string, value: Value): void {
    const user = { name, op: 'output' }
    requireName(name, user)
    if (this.#outputs.has(name)) failAt(user)('a name that is not taken', 'a second output of that name')
    this.#outputs.set(name, this.#own(value, user).name)
  }

  /**
   * The finished graph.
   *
   * @throws {GraphError} when it has no output
   */
  build(): Graph {
    const graph = {
      name: this.#name,
      nodes: [...this.#nodes.values()],
      outputs: Object.fromEntries(this.#outputs),
      scopes: [...this.#scopes],
      ...(this.#reserved.size > 0 && { checkpointOrder: this.#checkpointOrder() }),
    }
    verify(graph)
    return graph
  }

  #append<Name extends OpName>(
    op: Name,
    { name }: NodeOptions,
    inputs: readonly Value[],
    attributes: OpAttributes[Name],
  ): Value {
    const own = name ?? this.#unused(op)
    const full = this.#prefix + own
    const user = { name: full, op }
    requireName(own, user)
    if (this.#nodes.has(full)) failAt(user)('a name that is not taken', 'a second node of that name')
    for (const input of inputs) this.#own(input, user)
    const types = inputs.map((input) => input.type)
    const type = inferType({ ...user, attributes }, types)
    const node = { name: full, op, inputs: inputs.map((input) => input.name), attributes, type }
    this.#nodes.set(full, node as unknown as Node)
    return { name: full, type }
  }

  #checkpointOrder(): readonly string[] {
    return [...this.#nodes.keys()]
      .map((name, written) => ({ name, places: [...this.#placesReserved(name), written] }))
      .sort((left, right) => compareLists(left.places, right.places))
      .map(({ name }) => name)
  }

  /** The reserved places that a node stands in, from the outside in: of each where it is, and which one it is. */
  #placesReserved(node: string): number[] {
    const names = [...this.#reserved.keys()]
    const inside = names.filter((name) => node === name || node.startsWith(`${name}.`))
    return inside
      .sort((left, right) => left.length - right.length)
      .flatMap((name) => [this.#reserved.get(name)!, names.indexOf(name)])
  }

  /** The op's name, with the first number that makes it unique in this scope. */
  #unused(op: string): string {
    let name = op
    for (let count = 2; this.#nodes.has(this.#prefix + name); count++) name = `${op}${count}`
    return name
  }

  #own(value: Value, user: { readonly name: string; readonly op: string }): Value {
    // Types are compared as objects: another builder may have a node of the same name, but not with this very type.
    const found: Value | undefined = value
    if (!found || this.#nodes.get(found.name)?.type !== found.type) {
      const foreign = found ? `'${found.name}', which another builder made` : describeValue(found)
      failAt(user)(`a value of the graph '${this.#name}'`, foreign)
    }
    return value
  }
}

function requireName(name: string, user: { readonly name: string; readonly op: string }): void {
  if (typeof name !== 'string' || name === '') failAt(user)('a name', describeValue(name))
}

// Lists are copied, so that the caller may go on using its own.
function pair(option: PairOption): Pair {
  return Array.isArray(option) ? ([...option] as unknown as Pair) : [option as number, option as number]
}

function sides(option: PaddingOption): Padding {
  if (Array.isArray(option)) return [...option] as unknown as Padding
  const side = option as number
  return [side, side, side, side]
}

/** Which of two lists of numbers comes first: the one whose first number that differs is less. */
function compareLists(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((value, index) => value !== right[index])
  return at < 0 ? 0 : left[at]! - right[at]!
}
