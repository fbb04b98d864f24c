import { reference } from '@resnet-ts/backend-reference'
import { preActivationBasicBlock, preActivationBottleneck } from '@resnet-ts/blocks'
import { compareValues, describeWorst, goldenTensor } from '@resnet-ts/golden'
import { optimise, tensor } from '@resnet-ts/graph'
import { type OnnxAttribute, type OnnxNode, type OnnxTensor, onnxTensor, writeOnnx } from '@resnet-ts/onnx'
import { bind, readCheckpoint } from '@resnet-ts/weights'
import { resnetV2 } from '@resnet-ts/zoo'
import { expect, test } from 'vitest'

// Gluon's ResNetV2 (mxnet.gluon.model_zoo.vision.resnet) written down as MXNet exports it to ONNX, node by node and
// under its names, run by onnxruntime; and our network with the weights of that very file.

const depths = [2, 1]
const width = 8
const classes = 5
const prefix = 'resnetv24_'

class GluonFile {
  readonly nodes: OnnxNode[] = []
  readonly initializers: OnnxTensor[] = []
  private readonly counts = new Map<string, number>()

  /** The next name of its kind in a scope: `stage1_conv0`. */
  private next(scope: string, kind: string): string {
    const number = this.counts.get(scope + kind) ?? 0
    this.counts.set(scope + kind, number + 1)
    return `${prefix}${scope}${kind}${number}`
  }

  private constant(name: string, shape: readonly number[], key: string): string {
    this.initializers.push(onnxTensor(name, { shape, read: () => goldenTensor(key, shape) }))
    return name
  }

  private node(opType: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const name = `${prefix}${opType}${this.nodes.length}`
    const rest = { domain: '', attributes: new Map(Object.entries(attributes)) }
    this.nodes.push({ name, opType, inputs, outputs: [name], ...rest })
    return name
  }

  batchNorm(scope: string, x: string, channels: number): string {
    const name = this.next(scope, 'batchnorm')
    // The kinds of values that the keys of PyTorch's norms give.
    const parts = [
      ['gamma', 'weight'],
      ['beta', 'bias'],
      ['running_mean', 'running_mean'],
      ['running_var', 'running_var'],
    ] as const
    const given = parts.map(([part, kind]) => this.constant(`${name}_${part}`, [channels], `${name}.${kind}`))
    return this.node('BatchNormalization', [x, ...given], { epsilon: { type: 'float', value: 1e-5 } })
  }

  conv(scope: string, x: string, shape: readonly [number, number, number], stride: number): string {
    const [out, input, kernel] = shape
    const name = this.next(scope, 'conv')
    const weight = this.constant(`${name}_weight`, [out, input, kernel, kernel], `${name}.weight`)
    const ints = (...value: number[]): OnnxAttribute => ({ type: 'ints', value })
    const half = Math.floor(kernel / 2)
    const sizes = { kernel_shape: ints(kernel, kernel), strides: ints(stride, stride) }
    return this.node('Conv', [x, weight], { ...sizes, pads: ints(half, half, half, half) })
  }

  relu(x: string): string {
    return this.node('Relu', [x])
  }

  add(x: string, y: string): string {
    return this.node('Add', [x, y])
  }

  maxPool(x: string): string {
    const ints = (...value: number[]): OnnxAttribute => ({ type: 'ints', value })
    return this.node('MaxPool', [x], { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) })
  }

  dense(x: string, channels: number): string {
    const pooled = this.node('Flatten', [this.node('GlobalAveragePool', [x])])
    const name = this.next('', 'dense')
    const weight = this.constant(`${name}_weight`, [classes, channels], `${name}.weight`)
    const bias = this.constant(`${name}_bias`, [classes], `${name}.bias`)
    return this.node('Gemm', [pooled, weight, bias], { transB: { type: 'int', value: 1 } })
  }

  bytes(logits: string): Uint8Array {
    const info = (name: string) => ({ name, dtype: 'float32', shape: undefined }) as const
    return writeOnnx({
      irVersion: 7,
      producerName: 'mxnet',
      opsets: new Map([['', 13]]),
      graph: {
        name: 'gluon',
        nodes: this.nodes,
        initializers: this.initializers,
        inputs: [{ ...info('data'), shape: ['n', 3, 'h', 'w'] }],
        outputs: [{ ...info(logits), shape: ['n', classes] }],
      },
      metadata: new Map(),
    })
  }
}

/** The network, whose blocks make their convolutions in the order of Gluon's constructors: the shortcut's comes last. */
function gluonFile(expansion: 1 | 4): { readonly bytes: Uint8Array; readonly logits: string } {
  const file = new GluonFile()
  let x = file.conv('', file.batchNorm('', 'data', 3), [width, 3, 7], 2)
  x = file.maxPool(file.relu(file.batchNorm('', x, width)))
  let channels = width
  for (const [stage, depth] of depths.entries()) {
    const scope = `stage${stage + 1}_`
    const inner = width * 2 ** stage
    const outer = inner * expansion
    for (let block = 0; block < depth; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1
      const activated = file.relu(file.batchNorm(scope, x, channels))
      let y = activated
      const sizes = expansion === 4 ? [1, 3, 1] : [3, 3]
      const strided = expansion === 4 ? 1 : 0
      let into = channels
      for (const [place, kernel] of sizes.entries()) {
        if (place > 0) y = file.relu(file.batchNorm(scope, y, into))
        const out = place === sizes.length - 1 ? outer : inner
        y = file.conv(scope, y, [out, into, kernel], place === strided ? stride : 1)
        into = out
      }
      const shortcut = block === 0 && channels !== outer ? file.conv(scope, activated, [outer, channels, 1], stride) : x
      x = file.add(y, shortcut)
      channels = outer
    }
  }
  const logits = file.dense(file.relu(file.batchNorm('', x, channels)), channels)
  return { bytes: file.bytes(logits), logits }
}

const ort = await import('onnxruntime-node').catch(() => undefined)
const reason = ort ? '' : ' (skipped: onnxruntime-node does not load)'

test.skipIf(!ort).each([
  ['basic blocks', 1, preActivationBasicBlock],
  ['bottlenecks', 4, preActivationBottleneck],
] as const)(
  `Gluon’s second version, of %s, is what onnxruntime makes of its file${reason}`,
  async (_, expansion, block) => {
    const { bytes, logits: name } = gluonFile(expansion)
    const image = goldenTensor('input', [2, 3, 37, 45])
    const session = await ort!.InferenceSession.create(bytes, { logSeverityLevel: 3 })
    const expected = (await session.run({ data: new ort!.Tensor('float32', image, [2, 3, 37, 45]) }))[name]!
    await session.release()

    const graph = resnetV2({ block, blocks: depths, channels: width, numClasses: classes, stemNorms: true })
    const network = optimise({ graph, params: bind(graph, await readCheckpoint(bytes)).params })
    const own = await reference().compile(network.graph, network.params)
    const pixels = tensor([2, 37, 45, 3], channelsLast(image, [2, 3, 37, 45]))
    const { logits } = await own.run({ image: pixels })
    await own.dispose()
    const comparison = compareValues(logits!.data, expected.data as Float32Array, { absolute: 1e-4 })
    expect(comparison.within, describeWorst(comparison)).toBe(true)
  },
)

function channelsLast(data: Float32Array, [n, c, h, w]: readonly [number, number, number, number]): Float32Array {
  const area = h * w
  return Float32Array.from({ length: n * c * area }, (_, to) => {
    const [image, rest] = [Math.floor(to / (c * area)), to % (c * area)]
    return data[image * c * area + (rest % c) * area + Math.floor(rest / c)]!
  })
}
