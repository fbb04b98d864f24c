import type { RgbImage } from './image.js'

// The types below that belong to a page or to Node are found in the compiler's global scope when it has them, and
// are structural or absent when it has not, so that this package type-checks with any `lib`.
/** The type of the global class `Name`, where the compiler knows it. */
type Global<Name extends string, Otherwise> = typeof globalThis extends { [Key in Name]: { prototype: infer Type } }
  ? Type
  : Otherwise

/** An `AbortSignal`. */
export type Signal = Global<
  'AbortSignal',
  {
    /** Whether the work is to stop. */
    readonly aborted: boolean
    /** Why: what `decode` then rejects with. */
    readonly reason: unknown
    /** Tells `listener` once the work is to stop. */
    addEventListener(type: 'abort', listener: () => void): void
    /** Tells it no longer. */
    removeEventListener(type: 'abort', listener: () => void): void
  }
>

/** Any `URL`: only its text is read. */
export interface UrlLike {
  /** The whole address. */
  readonly href: string
}

/** A `Blob` or a `File`. */
export interface BlobLike {
  /** In bytes. */
  readonly size: number
  /** All of its bytes. */
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * An `ImageData`, or other raw pixels from the top left, row by row: three bytes a pixel (RGB) or four (RGBA, whose
 * alpha is dropped).
 */
export interface RawPixels {
  /** Pixels of a row. */
  readonly width: number
  /** How many rows. */
  readonly height: number
  /** `width × height` pixels, three or four bytes each. */
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
  /** Whether the status is a success. */
  readonly ok: boolean
  /** The HTTP status. */
  readonly status: number
  /** The words that came with it. */
  readonly statusText: string
  /** Of which `content-length` is read. */
  readonly headers: {
    /** The value of a header; null where there is none. */
    get(name: string): string | null
  }
  /** The bytes as they come; where it is missing, `arrayBuffer` is called. */
  readonly body?: {
    /** The only reader of the bytes. */
    getReader(): {
      /** The next bytes, or that there are no more. */
      read(): Promise<{
        /** Whether there are no more. */
        done: boolean
        /** The next bytes. */
        value?: Uint8Array | undefined
      }>
      /** Gives up the rest. */
      cancel(): Promise<void>
    }
  } | null
  /** All bytes at once. */
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
