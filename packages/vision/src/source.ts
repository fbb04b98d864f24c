import type { RgbImage } from './image.js'

// The types below that belong to a page or to Node are found in the compiler's global scope when it has them, and
// are structural or absent when it has not, so that this package type-checks with any `lib`.
type Global<Name extends string, Otherwise> = typeof globalThis extends { [Key in Name]: { prototype: infer Type } }
  ? Type
  : Otherwise

/** An `AbortSignal`. */
export type Signal = Global<
  'AbortSignal',
  {
    readonly aborted: boolean
    readonly reason: unknown
    addEventListener(type: 'abort', listener: () => void): void
    removeEventListener(type: 'abort', listener: () => void): void
  }
>

/** Any `URL`: only its text is read. */
export interface UrlLike {
  readonly href: string
}

/** A `Blob` or a `File`. */
export interface BlobLike {
  readonly size: number
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * An `ImageData`, or other raw pixels from the top left, row by row: three bytes a pixel (RGB) or four (RGBA, whose
 * alpha is dropped).
 */
export interface RawPixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/** What only a page or a worker has: these can be decoded by the browser entry alone. */
export type PageImage =
  | Global<'ImageBitmap', never>
  | Global<'HTMLImageElement', never>
  | Global<'HTMLCanvasElement', never>
  | Global<'OffscreenCanvas', never>
  | Global<'HTMLVideoElement', never>
  | Global<'VideoFrame', never>

/** Whatever `decode` takes. A string is a path or a URL in Node, a URL in a page. */
export type ImageSource = string | UrlLike | Uint8Array | ArrayBuffer | BlobLike | RawPixels | RgbImage | PageImage

/** The part of a `Response` that is read. */
export interface FetchedResponse {
  readonly ok: boolean
  readonly status: number
  readonly statusText: string
  readonly headers: { get(name: string): string | null }
  readonly body?: {
    getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>; cancel(): Promise<void> }
  } | null
  arrayBuffer(): Promise<ArrayBuffer>
}

/** The standard `fetch`, or a replacement that adds credentials, a proxy or a cache. */
export type Fetch = (url: string, init: { signal?: Signal }) => Promise<FetchedResponse>

/** How to decode. */
export interface DecodeOptions {
  /** Stops the work: `decode` then rejects with the signal's reason. */
  readonly signal?: Signal | undefined
  /** Reads `http:`, `https:`, `data:` and `blob:` URLs; the platform's own `fetch` unless given. */
  readonly fetch?: Fetch | undefined
}

// Tags rather than `instanceof`: values also come from other realms (frames, test environments).
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** The bytes of an encoded image, not copied, or undefined when `source` is something else. */
export function bytesOf(source: unknown): Uint8Array | undefined {
  const tag = tagOf(source)
  if (tag === 'Uint8Array') return source as Uint8Array
  if (tag === 'ArrayBuffer') return new Uint8Array(source as ArrayBuffer)
  return undefined
}

export function isUrl(source: object): source is UrlLike {
  return typeof (source as UrlLike).href === 'string'
}

export function isBlob(source: object): source is BlobLike {
  return typeof (source as BlobLike).arrayBuffer === 'function' && typeof (source as BlobLike).size === 'number'
}

export function isRaw(source: object): source is RawPixels {
  return 'width' in source && 'height' in source && ArrayBuffer.isView((source as RawPixels).data)
}

/** What kind of thing a value is, for an error: `an HTMLDivElement`, `null`, `a number`. */
export function kindOf(value: unknown): string {
  const kind =
    value === null || value === undefined ? String(value) : typeof value === 'object' ? tagOf(value) : typeof value
  return value === null || value === undefined ? kind : `${/^[aeio]|^HTML|^SVG/i.test(kind) ? 'an' : 'a'} ${kind}`
}
