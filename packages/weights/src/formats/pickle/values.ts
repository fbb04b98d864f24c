import type { ByteReader } from '../byteReader.js'

/** A name of the fixed list: something that may be called, or that only stands for itself. Nothing of it is Python's. */
export class PickledName {
  readonly path: string

  /** @param path module and name: `torch.float32` */
  constructor(path: string) {
    this.path = path
  }
}

/** An object of which nothing is needed: its class's name is all that is kept. */
export class InertObject {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }
}

/** A stretch of memory that tensors are views of. */
export interface PickledStorage {
  /** By the safetensors name; nothing for one whose tensors each give their own. */
  readonly dtype: string | undefined
  /** What the file calls it. */
  readonly key: string
  /** Elements, or bytes where there is no type. */
  readonly length: number
  /** Where it begins in the storage of that key, in elements: old files keep views of views. */
  readonly offset: number
}

/** A tensor as PyTorch pickles it. */
export class PickledTensor {
  readonly storage: PickledStorage
  readonly dtype: string
  /** Of its first element, in elements. */
  readonly offset: number
  readonly shape: readonly number[]
  /** In elements. */
  readonly strides: readonly number[]

  constructor(fields: { readonly [Field in keyof PickledTensor]: PickledTensor[Field] }) {
    this.storage = fields.storage
    this.dtype = fields.dtype
    this.offset = fields.offset
    this.shape = fields.shape
    this.strides = fields.strides
  }
}

/** A NumPy data type: the safetensors name of what can be one, `undefined` for any other. */
export class PickledDType {
  dtype: string | undefined
  readonly code: string

  constructor(code: string, dtype: string | undefined) {
    this.code = code
    this.dtype = dtype
  }
}

/** A NumPy array, which is filled in after it is made. */
export class PickledArray {
  dtype: string | undefined
  shape: readonly number[] = []
  fortranOrder = false
  bytes: Uint8Array = new Uint8Array()
}

/** How a builder refuses what it is given. */
export type Fail = ByteReader['fail']
