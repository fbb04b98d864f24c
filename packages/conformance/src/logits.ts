import { goldenInput, goldenModel, goldenParams } from '@resnet-ts/golden'
import { type Backend, optimise, type Params, tensor } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { compareTensors, runOnce } from './check.js'

type Family = 'timm' | 'timm-v2'

/** One network of each kind of block, stem, shortcut, attention, blur and norm there is. */
export const kinds: readonly (readonly [name: string, family: Family])[] = [
  ['resnet18', 'timm'],
  ['resnet26d', 'timm'],
  ['resnext50_32x4d', 'timm'],
  ['seresnet50', 'timm'],
  ['ecaresnet26t', 'timm'],
  ['resnetblur50', 'timm'],
  ['resnetrs50', 'timm'],
  ['resnet50_gn', 'timm'],
  ['resnetv2_50', 'timm-v2'],
  ['resnetv2_50x1_bit', 'timm-v2'],
]

/** What is wrong with the logits of a network of the zoo, optimised; nothing when they are timm's. */
export async function checkLogits(backend: Backend, name: string, family: Family): Promise<string[]> {
  const [faults] = await checkLogitsOfAll([backend], name, family)
  return faults
}

/** The same for several backends, with weights that are made once. */
export async function checkLogitsOfAll(
  backends: readonly Backend[],
  name: string,
  family: Family,
): Promise<string[][]> {
  const golden = goldenModel(name, family)
  const image = goldenInput(golden.input.shape, golden.input.key)
  const graph = findModel(name as Parameters<typeof findModel>[0])()
  const network = optimise({ graph, params: readOnce(goldenParams(golden.state)) })
  const expected = tensor([image.shape[0], golden.logits.length / image.shape[0]], golden.logits)
  const faults: string[][] = []
  for (const backend of backends) {
    const { logits } = await runOnce(backend, network, { image: tensor(image.shape, image.data) })
    faults.push(compareTensors({ logits }, { logits: expected }, { absolute: 1e-4, relative: 1e-4 }))
  }
  return faults
}

function readOnce(params: Params): Params {
  const known = new Map<string, Float32Array>()
  const remember = (key: string, read: () => Float32Array) => {
    const values = known.get(key) ?? read()
    known.set(key, values)
    return values
  }
  return new Map([...params].map(([key, { shape, read }]) => [key, { shape, read: () => remember(key, read) }]))
}
