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

/**
 * Gluon's model zoo, from which the ONNX model zoo's first ResNets are: layers are numbered by stage, in the order in
 * which they were made, those of a dashed shortcut after the block's own. Only the first version (`ResNetV1`): the
 * second is another network.
 */
export const mxnet: NameTable = {
  source: 'mxnet',
  rename(shapes) {
    const first = [...shapes.keys()].find((key) => /(^|_)stage1_conv0_weight$/.test(key))
    if (first === undefined) return undefined
    const prefix = first.slice(0, -'stage1_conv0_weight'.length)
    // The second version has norms before and behind its stages.
    if (shapes.has(`${prefix}batchnorm1_gamma`)) return undefined
    const places = placesOf(shapes, prefix)
    return (key) => {
      const [, before, stage, kind = '', number, weight = ''] = pattern.exec(key) ?? []
      if (before !== prefix) return undefined
      const name = weights.get(weight)
      if (kind === 'dense') return `fc.${name}`
      if (stage === undefined) return `${kind === 'conv' ? 'conv1' : 'bn1'}.${name}`
      const place = places.get(`${stage}.${number}`)
      return place && `${place[kind === 'conv' ? 0 : 1]}.${name}`
    }
  },
}

type Place = readonly [convolution: string, norm: string]

/** Which block and place each convolution of each stage has, told by the sizes of the kernels: 3, 3 or 1, 3, 1. */
function placesOf(shapes: KeyShapes, prefix: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const kernel = (stage: number, number: number) => shapes.get(`${prefix}stage${stage}_conv${number}_weight`)?.[2]
  for (let stage = 1; kernel(stage, 0) !== undefined; stage++) {
    const branch = kernel(stage, 0) === 1 ? 3 : 2
    let number = 0
    for (let block = 0; kernel(stage, number) !== undefined; block++) {
      const scope = `layer${stage}.${block}`
      for (let place = 1; place <= branch; place++) {
        places.set(`${stage}.${number++}`, [`${scope}.conv${place}`, `${scope}.bn${place}`])
      }
      const isProjected = block === 0 && kernel(stage, number) === 1
      if (isProjected) places.set(`${stage}.${number++}`, [`${scope}.downsample.0`, `${scope}.downsample.1`])
    }
  }
  return places
}
