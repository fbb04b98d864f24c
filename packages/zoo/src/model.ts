import { type Graph, imagenetPreprocess, type Preprocess, refuseUnknownOptions } from '@resnet-ts/graph'
import { type ModelOptions, modelOptions, type ResNetOptions, resnet } from './resnet.js'

/** One network of the zoo: call it for its graph. */
export interface ModelFactory {
  /**
   * The network's graph, without weights.
   *
   * @throws {OptionError} when an option is out of range, or not one of these
   */
  (options?: ModelOptions): Graph
  /** As in timm, where timm has it: `resnet50`. */
  readonly modelName: string
  /** How photographs are prepared, unless a checkpoint says otherwise. */
  readonly preprocess: Preprocess
}

/** Whose photographs are prepared otherwise than ImageNet's. */
interface Prepared {
  readonly preprocess?: Preprocess
}

type Row<Options> = Omit<Options, 'name'> & Prepared

/**
 * A row of the zoo: a name, its block, the blocks of each stage, and what its suffixes change. Rows are marked pure, and
 * no other call stands in them, so that a bundler drops those that nobody imports.
 */
export function model(
  modelName: string,
  base: Pick<ResNetOptions, 'block'>,
  blocks: readonly number[],
  ...parts: readonly Partial<Row<ResNetOptions>>[]
): ModelFactory {
  return factory(modelName, Object.assign({ blocks }, base, ...parts), resnet)
}

/** A row whose network is written by another open form. */
export function factory<Options extends { readonly name?: string | undefined }>(
  modelName: string,
  row: Row<Options>,
  write: (options: Options) => Graph,
): ModelFactory {
  const { preprocess = imagenetPreprocess, ...common } = row
  const given = (options: ModelOptions) => Object.entries(options).filter(([, value]) => value !== undefined)
  const build = (options: ModelOptions = {}) => {
    refuseUnknownOptions(modelName, options, modelOptions)
    return write({ ...common, ...Object.fromEntries(given(options)), name: modelName } as unknown as Options)
  }
  return Object.assign(build, { modelName, preprocess })
}
