import { type Graph, imagenetPreprocess, type Preprocess } from '@resnet-ts/graph'
import { type ModelOptions, type ResNetOptions, resnet } from './resnet.js'

/** One network of the zoo: call it for its graph. */
export interface ModelFactory {
  (options?: ModelOptions): Graph
  /** As in timm, where timm has it: `resnet50`. */
  readonly modelName: string
  /** How photographs are prepared, unless a checkpoint says otherwise. */
  readonly preprocess: Preprocess
}

/** What a network is made of, and whose photographs it wants prepared otherwise than ImageNet's. */
interface Row extends Omit<ResNetOptions, 'name'> {
  readonly preprocess?: Preprocess
}

/** A row of the zoo: a name, what its network is made of, and what its suffixes change. */
export function model(modelName: string, base: Row, ...parts: readonly Partial<Row>[]): ModelFactory {
  const { preprocess = imagenetPreprocess, ...row }: Row = Object.assign({}, base, ...parts)
  const given = (options: ModelOptions) => Object.entries(options).filter(([, value]) => value !== undefined)
  const build = (options: ModelOptions = {}) =>
    resnet({ ...row, ...Object.fromEntries(given(options)), name: modelName })
  return Object.assign(build, { modelName, preprocess })
}
