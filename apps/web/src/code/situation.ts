import type { ModelOptions } from '@resnet-ts/zoo'
import type { BackendChoice, BackendState, ModelInfo } from '../worker/api.js'

/** Where the code is to run. */
export type Platform = 'node' | 'page'

/** What is on screen, as far as code tells of it. */
export interface Situation {
  readonly platform: Platform
  readonly model: LoadedModel
  /** A file's name. */
  readonly photo: string
  /** The class whose place is shown. */
  readonly explained: number | undefined
  /** The network that is drawn, the one beside it, and the block that is open. */
  readonly drawn: { readonly model: string; readonly beside: string | undefined; readonly block: string | undefined }
  /** The block that is looked into. */
  readonly inside: string | undefined
  /** The architecture that is measured with fresh weights; undefined for the model itself. */
  readonly measured: string | undefined
}

export interface LoadedModel extends Pick<ModelInfo, 'architecture'> {
  readonly source:
    | { readonly kind: 'embedded' }
    | { readonly kind: 'hub'; readonly name: string }
    | {
        readonly kind: 'file'
        readonly file: string
        readonly card: boolean
        readonly labels: string | undefined
        readonly options: ModelOptions
      }
  /** What computes; undefined where it is what would compute unasked. */
  readonly computing: BackendChoice | undefined
}

/** What has to be asked for: not the engine with as many threads as are taken unasked, here or by `load`. */
export function askedFor(choice: BackendChoice, backends: readonly BackendState[]): BackendChoice | undefined {
  const { most, usual } = backends.find(({ id }) => id === 'wasm')?.threads ?? {}
  const isUsual = choice.backend === 'wasm' && (choice.threads === most || choice.threads === usual)
  return isUsual ? undefined : choice
}
