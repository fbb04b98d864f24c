import { type Network, onlyInput, type Shape } from '@resnet-ts/graph'
import { type OnnxModel, type OnnxNode, toOnnx, writeOnnx } from '@resnet-ts/onnx'

/**
 * A network as the bytes of an ONNX file, in the order of axes that onnxruntime computes in (NCHW), for images of one
 * shape, so that it can plan for it.
 *
 * @param shape - of the images: `[batch, height, width, channels]`
 * @param inputName - what the images are called
 */
export function onnxFile(network: Network, shape: Shape, inputName = onlyInput(network.graph)): Uint8Array {
  const model = toOnnx(network, { layout: 'nchw' })
  return writeOnnx(withInput(model, onlyInput(network.graph), inputName, nchw(shape)))
}

/** `[batch, height, width, channels]` → `[batch, channels, height, width]` */
export function nchw([batch, height, width, channels]: Shape): number[] {
  return [batch!, channels!, height!, width!]
}

function withInput(model: OnnxModel, from: string, to: string, shape: readonly number[]): OnnxModel {
  const renamed = (name: string) => (name === from ? to : name)
  const nodes = model.graph.nodes.map((node): OnnxNode => ({ ...node, inputs: node.inputs.map(renamed) }))
  const inputs = model.graph.inputs.map((input) => ({ ...input, name: renamed(input.name), shape }))
  return { ...model, graph: { ...model.graph, nodes, inputs } }
}
