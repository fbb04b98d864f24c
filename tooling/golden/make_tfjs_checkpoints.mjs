// Makes the small TensorFlow.js files that packages/weights is tested with; their tensors are those of
// checkpoint_values.py. Build this package first.
//
//   npm install --prefix TFJS @tensorflow/tfjs@4.22.0
//   node make_tfjs_checkpoints.mjs TFJS ../../packages/weights/fixtures
//   pnpm exec biome format --write ../../packages/weights/fixtures
//
// A layers model is saved by tfjs itself. The converter, which quantises and writes graph models, is in Python: what it
// documents is written here, and tfjs must read it before it is kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { goldenTensor } from './dist/index.js'

const [tfjsFolder, out] = process.argv.slice(2)
const tf = createRequire(join(resolve(tfjsFolder), 'package.json'))('@tensorflow/tfjs')
await tf.setBackend('cpu')

const shapes = {
  'conv1.weight': [4, 3, 3, 3],
  'bn1.weight': [4],
  'bn1.bias': [4],
  'bn1.running_mean': [4],
  'bn1.running_var': [4],
  'fc.weight': [5, 4],
  'fc.bias': [5],
}
const torch = (key) => tf.tensor(goldenTensor(key, shapes[key]), shapes[key])

function layersModel() {
  const image = tf.input({ shape: [8, 8, 3], name: 'image' })
  const conv = tf.layers.conv2d({ name: 'conv1', filters: 4, kernelSize: 3, useBias: false })
  const norm = tf.layers.batchNormalization({ name: 'bn1' })
  const dense = tf.layers.dense({ name: 'fc', units: 5 })
  const pool = tf.layers.globalAveragePooling2d({ name: 'pool' })
  const model = tf.model({ inputs: image, outputs: dense.apply(pool.apply(norm.apply(conv.apply(image)))) })
  conv.setWeights([tf.transpose(torch('conv1.weight'), [2, 3, 1, 0])])
  norm.setWeights(['weight', 'bias', 'running_mean', 'running_var'].map((name) => torch(`bn1.${name}`)))
  dense.setWeights([tf.transpose(torch('fc.weight')), torch('fc.bias')])
  return model
}

/** Writes model.json and the weights, cut into files of `size` bytes. */
function write(name, description, specs, data, size = data.byteLength) {
  const folder = join(out, name)
  mkdirSync(folder, { recursive: true })
  const count = Math.max(1, Math.ceil(data.byteLength / size))
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`)
  paths.forEach((path, index) => {
    writeFileSync(join(folder, path), new Uint8Array(data).subarray(index * size, (index + 1) * size))
  })
  writeFileSync(
    join(folder, 'model.json'),
    JSON.stringify({ ...description, weightsManifest: [{ paths, weights: specs }] }),
  )
}

let saved
await layersModel().save(
  tf.io.withSaveHandler((artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
  }),
)
const description = { format: 'layers-model', generatedBy: saved.generatedBy, modelTopology: saved.modelTopology }
write('tfjs-layers', description, saved.weightSpecs, saved.weightData, 256)

/** One quantised weight a type, after texts and whole numbers, as a graph model may have. */
async function graphModel() {
  const values = goldenTensor('fc.weight', shapes['fc.weight'])
  const min = Math.min(...values)
  const specs = [
    { name: 'labels', shape: [2], dtype: 'string' },
    { name: 'steps', shape: [3], dtype: 'int32' },
  ]
  const text = Buffer.concat(
    ['cat', 'doggy'].flatMap((word) => [Buffer.from(Uint32Array.of(word.length).buffer), Buffer.from(word)]),
  )
  const pieces = [text, Buffer.from(Int32Array.of(1, 2, 3).buffer)]
  for (const [dtype, most, Type] of [
    ['uint8', 255, Uint8Array],
    ['uint16', 65535, Uint16Array],
  ]) {
    const scale = (Math.max(...values) - min) / most
    specs.push({
      name: `module/${dtype}/weights`,
      shape: [5, 4],
      dtype: 'float32',
      quantization: { dtype, min, scale, original_dtype: 'float32' },
    })
    pieces.push(Buffer.from(Type.from(values, (value) => Math.round((value - min) / scale)).buffer))
  }
  specs.push({
    name: 'module/float16/weights',
    shape: [3],
    dtype: 'float32',
    quantization: { dtype: 'float16', original_dtype: 'float32' },
  })
  pieces.push(Buffer.from(Uint16Array.of(0x3c00, 0xc100, 0x0001).buffer))
  const data = new Uint8Array(Buffer.concat(pieces)).buffer
  write('tfjs-graph', { format: 'graph-model', modelTopology: { node: [] } }, specs, data, 40)
  const decoded = tf.io.decodeWeights(data, specs)
  const floats = Object.entries(decoded).filter(([, tensor]) => tensor.dtype === 'float32')
  const expected = floats.map(([name, tensor]) => [
    name,
    [...new Uint32Array(new Float32Array(tensor.dataSync()).buffer)],
  ])
  writeFileSync(join(out, 'tfjs-graph', 'expected.json'), JSON.stringify(Object.fromEntries(expected)))
}
await graphModel()
