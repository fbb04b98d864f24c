import type { KeyShapes, NameTable } from './table.js'

const weights: ReadonlyMap<string, string> = new Map([
  ['weight', 'weight'],
  ['bias', 'bias'],
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['running_mean', 'running_mean'],
  ['running_var', 'running_var'],
])

const pattern = /^(.*?)(?:stage(\d+)_)?(conv|batchnorm|dense)(\d+)_(weight|bias|gamma|beta|running_mean|running_var)$/

// Gluon's model zoo, from which the ONNX model zoo's first ResNets are: layers are numbered by stage, each kind by itself,
// in the order in which they were made, the convolution of a dashed shortcut after the block's own.

/** The first version, `ResNetV1`. */
export const mxnet: NameTable = {
  source: 'mxnet',
  rename(shapes) {
    const prefix = prefixOf(shapes)
    // The second version has norms before and behind its stages.
    if (prefix === undefined || shapes.has(`${prefix}batchnorm1_gamma`)) return undefined
    const names = new Map([
      ['conv0', 'conv1'],
      ['batchnorm0', 'bn1'],
      ['dense0', 'fc'],
    ])
    for (const { stage, block, place, number } of convolutionsOf(shapes, prefix)) {
      const scope = `layer${stage}.${block}`
      const isShortcut = place === undefined
      names.set(`stage${stage}_conv${number}`, isShortcut ? `${scope}.downsample.0` : `${scope}.conv${place}`)
      names.set(`stage${stage}_batchnorm${number}`, isShortcut ? `${scope}.downsample.1` : `${scope}.bn${place}`)
    }
    return renameWith(prefix, names)
  },
}

/** The second version, `ResNetV2`: pre-activation networks, in timm's names. */
export const mxnetV2: NameTable = {
  source: 'mxnet-v2',
  rename(shapes) {
    const prefix = prefixOf(shapes)
    if (prefix === undefined || !shapes.has(`${prefix}batchnorm2_gamma`)) return undefined
    const names = new Map([
      ['batchnorm0', 'stem.norm0'],
      ['conv0', 'stem.conv'],
      ['batchnorm1', 'stem.norm1'],
      ['batchnorm2', 'norm'],
      ['dense0', 'head.fc'],
    ])
    const norms = new Map<number, number>()
    for (const { stage, block, place, number } of convolutionsOf(shapes, prefix)) {
      const scope = `stages.${stage - 1}.blocks.${block}`
      names.set(
        `stage${stage}_conv${number}`,
        place === undefined ? `${scope}.downsample.conv` : `${scope}.conv${place}`,
      )
      if (place === undefined) continue
      const norm = norms.get(stage) ?? 0
      names.set(`stage${stage}_batchnorm${norm}`, `${scope}.norm${place}`)
      norms.set(stage, norm + 1)
    }
    return renameWith(prefix, names)
  },
  // timm's classifier is a 1×1 convolution.
  arrange: (key, shape) =>
    key === 'head.fc.weight' && shape.length === 2 ? { axes: [0, 1], shape: [...shape, 1, 1] } : undefined,
}

function prefixOf(shapes: KeyShapes): string | undefined {
  const first = [...shapes.keys()].find((key) => /(^|_)stage1_conv0_weight$/.test(key))
  return first?.slice(0, -'stage1_conv0_weight'.length)
}

function renameWith(prefix: string, names: ReadonlyMap<string, string>): (key: string) => string | undefined {
  return (key) => {
    const [, before, stage, kind, number, weight = ''] = pattern.exec(key) ?? []
    if (before !== prefix) return undefined
    const name = names.get(`${stage === undefined ? '' : `stage${stage}_`}${kind}${number}`)
    return name && `${name}.${weights.get(weight)}`
  }
}

interface Convolution {
  /** From 1 on. */
  readonly stage: number
  /** From 0 on. */
  readonly block: number
  /** In the block, from 1 on; undefined for that of a dashed shortcut. */
  readonly place: number | undefined
  /** In the stage. */
  readonly number: number
}

/** Where each convolution of the stages is, told by the sizes of the kernels: 3, 3 or 1, 3, 1. */
function convolutionsOf(shapes: KeyShapes, prefix: string): readonly Convolution[] {
  const convolutions: Convolution[] = []
  const kernel = (stage: number, number: number) => shapes.get(`${prefix}stage${stage}_conv${number}_weight`)?.[2]
  for (let stage = 1; kernel(stage, 0) !== undefined; stage++) {
    const branch = kernel(stage, 0) === 1 ? 3 : 2
    let number = 0
    for (let block = 0; kernel(stage, number) !== undefined; block++) {
      for (let place = 1; place <= branch; place++) convolutions.push({ stage, block, place, number: number++ })
      const isProjected = block === 0 && kernel(stage, number) === 1
      if (isProjected) convolutions.push({ stage, block, place: undefined, number: number++ })
    }
  }
  return convolutions
}
