import type { Shape } from '@resnet-ts/graph'
import { numberedLayers } from './kerasNumbers.js'
import type { Arrangement, KeyShapes, NameTable } from './table.js'

const weights: ReadonlyMap<string, string> = new Map([
  ['kernel', 'weight'],
  ['bias', 'bias'],
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
])

/** `keras.applications.resnet`: ResNet50, ResNet101, ResNet152. */
export const keras: NameTable = {
  source: 'keras',
  rename(shapes) {
    const names = namesIn(shapes)
    if (names.has('conv2_block1_preact_bn')) return undefined
    return names.has('conv2_block1_1_conv') ? renameWith(shapes, layerOfV1) : renameNumbered(shapes, 1, layerOfV1)
  },
  arrange: (_, shape) => toTorch(shape),
}

/** `keras.applications.resnet_v2`: ResNet50V2, ResNet101V2, ResNet152V2. */
export const kerasV2: NameTable = {
  source: 'keras-v2',
  rename(shapes) {
    const isNamed = namesIn(shapes).has('conv2_block1_preact_bn')
    return isNamed ? renameWith(shapes, layerOfV2) : renameNumbered(shapes, 2, layerOfV2)
  },
  arrange(key, shape) {
    const arranged = toTorch(shape)
    // timm's classifier is a 1×1 convolution.
    return key === 'head.fc.weight' && arranged ? { ...arranged, shape: [...arranged.shape, 1, 1] } : arranged
  },
}

/** HWIO to OIHW, and `[in, out]` to `[out, in]`. */
function toTorch(shape: Shape): Arrangement | undefined {
  const [first = 0, second = 0, input = 0, output = 0] = shape
  if (shape.length === 4) return { axes: [3, 2, 0, 1], shape: [output, input, first, second] }
  return shape.length === 2 ? { axes: [1, 0], shape: [second, first] } : undefined
}

/** A key is a path that ends with a layer's name and a weight's: `conv1_conv/kernel`, perhaps with `:0` behind. */
function split(key: string): { readonly layer: string; readonly weight: string } {
  const [layer = '', weight = ''] = key.replace(/:\d+$/, '').split('/').slice(-2)
  return { layer, weight }
}

function namesIn(shapes: KeyShapes): ReadonlySet<string> {
  return new Set([...shapes.keys()].map((key) => split(key).layer))
}

function renameWith(shapes: KeyShapes, layerOf: (layer: string) => string | undefined, head = headOf(shapes)) {
  return (key: string): string | undefined => {
    const { layer, weight } = split(key)
    const name = weights.get(weight)
    const renamed = layer === head ? layerOf('predictions') : layerOf(layer)
    return name && renamed && `${renamed}.${name}`
  }
}

/** For a file that has `conv2d_1` for `conv2_block1_1_conv`. */
function renameNumbered(shapes: KeyShapes, version: 1 | 2, layerOf: (layer: string) => string | undefined) {
  const kernels = new Map(
    [...shapes].filter(([key]) => split(key).weight === 'kernel').map(([key, shape]) => [split(key).layer, shape]),
  )
  const numbered = numberedLayers(namesIn(shapes), (layer) => kernels.get(layer))
  if (numbered?.version !== version) return undefined
  return renameWith(shapes, (layer) => layerOf(numbered.names.get(layer) ?? layer))
}

/** The classifier, whatever it is called: the last layer whose kernel is a matrix. */
function headOf(shapes: KeyShapes): string | undefined {
  const dense = [...shapes].filter(([key, shape]) => shape.length === 2 && split(key).weight === 'kernel')
  return dense.length > 0 ? split(dense.at(-1)![0]).layer : undefined
}

function layerOfV1(layer: string): string | undefined {
  if (layer === 'predictions') return 'fc'
  if (layer === 'conv1_conv') return 'conv1'
  if (layer === 'conv1_bn') return 'bn1'
  const [, stage, block, place, kind] = /^conv(\d)_block(\d+)_(\d)_(conv|bn)$/.exec(layer) ?? []
  if (!stage) return undefined
  const prefix = `layer${Number(stage) - 1}.${Number(block) - 1}`
  if (place === '0') return `${prefix}.downsample.${kind === 'conv' ? 0 : 1}`
  return `${prefix}.${kind}${place}`
}

function layerOfV2(layer: string): string | undefined {
  if (layer === 'predictions') return 'head.fc'
  if (layer === 'conv1_conv') return 'stem.conv'
  if (layer === 'post_bn') return 'norm'
  const [, stage, block, place, kind] = /^conv(\d)_block(\d+)_(\d|preact)_(conv|bn)$/.exec(layer) ?? []
  if (!stage) return undefined
  const prefix = `stages.${Number(stage) - 2}.blocks.${Number(block) - 1}`
  if (place === 'preact') return `${prefix}.norm1`
  if (place === '0') return `${prefix}.downsample.conv`
  return kind === 'conv' ? `${prefix}.conv${place}` : `${prefix}.norm${Number(place) + 1}`
}
