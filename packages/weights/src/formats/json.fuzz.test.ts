import fc from 'fast-check'
import { fixture } from '../testing/fixtures.js'
import { fuzz, fuzzGenerated } from '../testing/fuzz.js'
import type { Siblings } from './files.js'
import { parseJson } from './parseJson.js'
import { parseSafetensors } from './safetensors.js'
import { writeSafetensors } from './writeSafetensors.js'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const shard = writeSafetensors(new Map([['a', { shape: [2], read: () => Float32Array.of(1, 2) }]]))
const beside = (folder: string): Siblings => {
  const names = [1, 2, 3].map((index) => `group1-shard${index}of3.bin`)
  const files = new Map(names.map((name) => [name, fixture(`${folder}/${name}`)]))
  return async (path) => files.get(path) ?? shard
}
const parseShard = async (bytes: Uint8Array) => parseSafetensors(bytes)

for (const folder of ['tfjs-layers', 'tfjs-graph']) {
  fuzz(folder, {
    files: { model: fixture(`${folder}/model.json`) },
    parse: (bytes) => parseJson(bytes, beside(folder), parseShard),
    focus: folder === 'tfjs-layers' ? [0.7, 1] : [0, 1],
  })
}
fuzz('index of shards', {
  files: { index: encode({ metadata: {}, weight_map: { a: 'x.safetensors' } }) },
  parse: (bytes) => parseJson(bytes, async () => shard, parseShard),
})

const weight = fc.record(
  {
    name: fc.oneof(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue()),
    shape: fc.oneof(fc.array(fc.constantFrom(0, 1, 2, 3, 2 ** 31, 2 ** 53, -1, 0.5), { maxLength: 4 }), fc.jsonValue()),
    dtype: fc.oneof(fc.constantFrom('float32', 'int32', 'bool', 'string', 'float16', 'complex64'), fc.jsonValue()),
    quantization: fc.oneof(
      fc.record({ dtype: fc.constantFrom('uint8', 'uint16', 'float16', 'int8'), scale: fc.double(), min: fc.double() }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: ['name', 'shape', 'dtype'] },
)
const group = fc.record({
  paths: fc.array(fc.oneof(fc.constantFrom('x', 'y'), fc.jsonValue())),
  weights: fc.array(weight),
})
const description = fc.oneof(
  fc.record({ weightsManifest: fc.oneof(fc.array(group), fc.jsonValue()) }),
  fc.record({ weight_map: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()) }),
  fc.jsonValue(),
)

fuzzGenerated(
  'tfjs and indexes',
  (bytes) => parseJson(bytes, async () => new Uint8Array(12), parseShard),
  description.map(encode),
)
