export type { Binding, BindOptions } from './bind.js'
export { bind } from './bind.js'
export type { Checkpoint, CheckpointTensor, ParseOptions } from './checkpoint.js'
export type { FloatDType } from './dtypes.js'
export { storedBytes } from './dtypes.js'
export type { Mismatches, Misshapen } from './errors.js'
export { BindingError, CheckpointError } from './errors.js'
export { writeNpz } from './formats/npy/writeNpz.js'
export { parseSafetensors } from './formats/safetensors.js'
export type { SafetensorsOptions } from './formats/writeSafetensors.js'
export { writeSafetensors } from './formats/writeSafetensors.js'
export type {
  CachedFile,
  CacheOptions,
  CachePlaces,
  FetchedFile,
  HubErrorKind,
  HubFailure,
  HubFile,
  HubModel,
  HubName,
  HubOptions,
  Verdict,
} from './hub/index.js'
export {
  cachePlaces,
  clearCache,
  fetchHubFile,
  fetchHubModel,
  fetchTorchFile,
  HubError,
  listCache,
  parseHubName,
  verifyCached,
} from './hub/index.js'
export type { RecognisedNames } from './names/index.js'
export { recogniseNames, translate } from './names/index.js'
export type { KeyShapes, NameSource } from './names/table.js'
export type { ReadOptions, ReadSource } from './readCheckpoint.js'
export { readCheckpoint } from './readCheckpoint.js'
export type { CheckpointFiles } from './siblings.js'
export type { Fetch, Progress } from './sources/fetch.js'
export type { CheckpointSource, SourceOptions } from './sources/index.js'
