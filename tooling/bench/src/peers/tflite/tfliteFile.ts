import {
  type AvgPoolAttributes,
  type Conv2dAttributes,
  inferShapes,
  type MaxPoolAttributes,
  type Network,
  type Node,
  onlyInput,
  type Padding,
  parametersOf,
  readParameter,
  type Shape,
  type Shapes,
  sizeOf,
} from '@resnet-ts/graph'
import { refuse, requireRelu, requireWhole } from '../refuse.js'
import { byte, type FieldValue, int } from './flatbuffer.js'
import { same, TfliteModel, valid } from './model.js'

const none = byte(0)
const relu = byte(1)

/**
 * A network as the bytes of a TensorFlow Lite file, for images of one shape: what Google's converters, which are Python,
 * make of one that is written in PyTorch, with NHWC kept throughout.
 *
 * @param shape - of the images: `[batch, height, width, channels]`
 * @throws {UnsupportedError} when a node is not one of those of ResNet and ResNeXt
 */
export function tfliteFile(network: Network, shape: Shape): Uint8Array {
  const { graph, params } = network
  const shapes = inferShapes(graph, { [onlyInput(graph)]: shape })
  const bytes = [...params.values()].reduce((sum, parameter) => sum + 4 * sizeOf(parameter.shape), 0)
  const writer = new NetworkWriter(network, shapes, new TfliteModel(bytes))
  for (const node of graph.nodes) writer.write(node)
  return writer.finish()
}

class NetworkWriter {
  readonly #network: Network
  readonly #shapes: Shapes
  readonly #model: TfliteModel
  /** The tensors of the nodes' values, by the nodes' names. */
  readonly #values = new Map<string, number>()

  constructor(network: Network, shapes: Shapes, model: TfliteModel) {
    this.#network = network
    this.#shapes = shapes
    this.#model = model
  }

  write(node: Node): void {
    const output = this.#model.value(node.name, this.#shapes.get(node.name)!)
    const [x, residual] = node.inputs.map((input) => this.#values.get(input)!)
    switch (node.op) {
      case 'input':
        break
      case 'conv2d':
        this.#conv2d(node, node.attributes, x!, residual, output)
        break
      case 'maxPool':
        this.#maxPool(node, node.attributes, x!, output)
        break
      case 'avgPool': {
        const { attributes } = node
        requireWhole('litert', node, attributes, this.#shapes.get(node.inputs[0]!)!)
        this.#model.operator('averagePool2d', [x!], output, valid, ...windowOf(attributes), none)
        break
      }
      case 'globalPool':
        if (node.attributes.kind !== 'avg') refuse('litert', node, 'another globalPool')
        this.#model.operator('mean', [x!, this.#integers(`${node.name}.axes`, [2], [1, 2])], output, none)
        break
      case 'linear':
        this.#model.operator('fullyConnected', [x!, ...this.#parameters(node)], output, none)
        break
      default:
        refuse('litert', node, node.op)
    }
    this.#values.set(node.name, output)
  }

  finish(): Uint8Array {
    const { graph } = this.#network
    return this.#model.finish(this.#values.get(onlyInput(graph))!, this.#values.get(graph.outputs.logits!)!)
  }

  #conv2d(node: Node, attributes: Conv2dAttributes, x: number, residual: number | undefined, output: number): void {
    const { stride, dilation, epilogue, padding, kernel } = attributes
    if (epilogue?.activation && epilogue.activation !== 'relu') refuse('litert', node, epilogue.activation)
    const activation = epilogue?.activation ? relu : none
    const isSame = stride.every((step) => step === 1) && keepsSize(padding, kernel, dilation)
    const input = isSame ? x : this.#padded(node, x, padding)
    const sum = residual === undefined ? output : this.#model.value(`${node.name}.sum`, this.#shapes.get(node.name)!)
    const strides = [int(stride[1]), int(stride[0])]
    const dilations = [int(dilation[1]), int(dilation[0])]
    const own = residual === undefined ? activation : none
    const inputs = [input, ...this.#parameters(node)]
    this.#model.operator('conv2d', inputs, sum, isSame ? same : valid, ...strides, own, ...dilations)
    if (residual !== undefined) this.#model.operator('add', [sum, residual], output, activation)
  }

  #maxPool(node: Node, attributes: MaxPoolAttributes, x: number, output: number): void {
    if (attributes.ceilMode) refuse('litert', node, 'maxPool with ceilMode')
    requireRelu('litert', node, this.#network.graph)
    const input = this.#padded(node, x, attributes.padding)
    this.#model.operator('maxPool2d', [input], output, valid, ...windowOf(attributes), none)
  }

  /** The value with zeros around it, as an operator of its own. */
  #padded(node: Node, x: number, [top, right, bottom, left]: Padding): number {
    if (top + right + bottom + left === 0) return x
    const [batch, height, width, channels] = this.#shapes.get(node.inputs[0]!)!
    const shape = [batch!, top + height! + bottom, left + width! + right, channels!]
    const padded = this.#model.value(`${node.name}.padded`, shape)
    const sides = this.#integers(`${node.name}.padding`, [4, 2], [0, 0, top, bottom, left, right, 0, 0])
    this.#model.operator('pad', [x, sides], padded)
    return padded
  }

  #integers(name: string, shape: Shape, values: readonly number[]): number {
    return this.#model.constant(name, shape, Int32Array.from(values))
  }

  /** The weight, a convolution's as OHWI, and the bias. */
  #parameters(node: Node): number[] {
    return parametersOf(node).map((spec) => {
      const values = readParameter(this.#network.params, spec)
      if (spec.shape.length !== 4) return this.#model.constant(spec.key, spec.shape, values)
      const [out, within, height, width] = spec.shape as [number, number, number, number]
      return this.#model.constant(spec.key, [out, height, width, within], channelsLast(values, within, height * width))
    })
  }
}

/** The fields of a pooling's options that tell its window. */
function windowOf({ kernel, stride }: AvgPoolAttributes | MaxPoolAttributes): FieldValue[] {
  return [int(stride[1]), int(stride[0]), int(kernel[1]), int(kernel[0])]
}

/** Whether zeros on both sides keep the size: what TensorFlow calls `SAME` at a stride of 1. */
function keepsSize(
  [top, right, bottom, left]: Padding,
  kernel: readonly number[],
  dilation: readonly number[],
): boolean {
  const [vertical, horizontal] = kernel.map((side, axis) => ((side - 1) * dilation[axis]!) / 2)
  return top === vertical && bottom === vertical && left === horizontal && right === horizontal
}

/** OIHW → OHWI. */
function channelsLast(values: Float32Array, channels: number, area: number): Float32Array {
  const moved = new Float32Array(values.length)
  for (let filter = 0; filter < values.length; filter += channels * area) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        moved[filter + place * channels + channel] = values[filter + channel * area + place]!
      }
    }
  }
  return moved
}
