export { decode, prepare } from './decode.js'
export { encodePng } from './encode.js'
export { ImageError } from './errors.js'
export type { RgbImage } from './image.js'
export type { Region } from './kernels/kernels.js'
export { type HeatMap, overlay } from './overlay.js'
export type { Prepared } from './prepare.shared.js'
export { cropTo, preprocess, preprocessBatch, preprocessInto } from './preprocess.js'
export { type ResizeOptions, resize } from './resize.js'
export type {
  BlobLike,
  DecodeOptions,
  Fetch,
  FetchedResponse,
  ImageSource,
  PageImage,
  RawPixels,
  Signal,
  UrlLike,
} from './source.js'
