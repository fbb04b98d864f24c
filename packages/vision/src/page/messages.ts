import type { Preprocess } from '@resnet-ts/graph'
import type { RgbImage } from '../image.js'
import type { Input } from '../wanted.js'
import type { PortableError } from './errors.js'
import type { Item } from './item.js'

/** What a page asks of its worker. */
export type Request =
  | {
      readonly kind: 'decode'
      readonly id: number
      readonly item: Item
      /** How to preprocess; undefined when the image itself is wanted. */
      readonly config: Preprocess | undefined
    }
  | { readonly kind: 'cancel'; readonly id: number }

/** What a worker says: first that it is there, then one answer to each request that was not cancelled. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly result: RgbImage | Input }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PortableError }
