/** The fields of `Product` of assembly/product.ts. */
const product = [
  'input',
  'output',
  'residual',
  'weights',
  'bias',
  'blocks',
  'panels',
  'panelsPerItem',
  'panelsFirst',
  'activation',
] as const

/**
 * How ops lie in memory: 32-bit words in the order of the fields of the classes in assembly/, which a test compares with
 * these lists. Every op begins with the words `kind`, `next` and `items`.
 */
export const fields = {
  convolution: [
    ...product,
    'offsets',
    'zeros',
    'inHeight',
    'inWidth',
    'inChannels',
    'outHeight',
    'outWidth',
    'outChannels',
    'kernelHeight',
    'kernelWidth',
    'strideY',
    'strideX',
    'top',
    'left',
    'dilationY',
    'dilationX',
    'run',
    'pixels',
  ],
  winograd: [
    ...product,
    'offsets',
    'zeros',
    'height',
    'width',
    'channels',
    'outHeight',
    'outWidth',
    'outChannels',
    'top',
    'left',
    'run',
    'size',
    'fours',
    'tiles',
    'tilesPerBlock',
  ],
  strassen: [
    ...product,
    'inHeight',
    'inWidth',
    'inChannels',
    'outHeight',
    'outWidth',
    'outChannels',
    'strideY',
    'strideX',
    'pixels',
    'pixelsPerBlock',
  ],
  pointwise: [
    'input',
    'output',
    'scale',
    'shift',
    'gate',
    'factor',
    'addend',
    'pixels',
    'pixelsPerImage',
    'pixelsPerItem',
    'channels',
    'activation',
  ],
  pool: [
    'input',
    'output',
    'filter',
    'mode',
    'inHeight',
    'inWidth',
    'channels',
    'outHeight',
    'outWidth',
    'kernelHeight',
    'kernelWidth',
    'strideY',
    'strideX',
    'top',
    'right',
    'bottom',
    'left',
    'countPadding',
  ],
  globalPool: ['input', 'output', 'mode', 'pixels', 'channels', 'channelsPerItem'],
  groupNorm: ['input', 'output', 'weight', 'bias', 'pixels', 'channels', 'groups', 'epsilon', 'activation'],
  copy: [
    'input',
    'output',
    'height',
    'width',
    'channels',
    'inImage',
    'inRow',
    'inPixel',
    'inChannel',
    'outImage',
    'outRow',
    'outPixel',
  ],
  fill: ['output', 'bytes'],
  reflect: ['input', 'output', 'height', 'width', 'outHeight', 'outWidth', 'top', 'left', 'pixelBytes'],
  phases: ['input', 'output', 'inHeight', 'inWidth', 'channels', 'outHeight', 'outWidth', 'top', 'left'],
  channels: ['input', 'output', 'weights', 'channels', 'kernel'],
  filters: [
    'from',
    'to',
    'offsets',
    'outChannels',
    'inPerGroup',
    'outPerGroup',
    'kernelHeight',
    'kernelWidth',
    'run',
    'merged',
    'size',
  ],
} as const

export type Layout = keyof typeof fields
type Field<Name extends Layout> = (typeof fields)[Name][number]

/** The kernels by the numbers that assembly/index.ts knows them by, and the layout of each one's op. */
export const kernels = {
  convolution: [0, 'convolution'],
  winograd: [1, 'winograd'],
  pointwise: [2, 'pointwise'],
  pool: [3, 'pool'],
  globalPool: [4, 'globalPool'],
  groupNorm: [5, 'groupNorm'],
  copy: [6, 'copy'],
  fill: [7, 'fill'],
  reflect: [8, 'reflect'],
  channelConv1d: [9, 'channels'],
  softmax: [10, 'channels'],
  strassen: [11, 'strassen'],
  phases: [12, 'phases'],
  packConvolution: [13, 'filters'],
  packWinograd: [14, 'filters'],
  packStrassen: [15, 'filters'],
} as const satisfies Record<string, readonly [number, Layout]>

export type Kernel = keyof typeof kernels

/** One op of a plan. */
export interface PlannedOp {
  /** The node whose value it computes. */
  readonly node: string
  readonly kernel: Kernel
  readonly words: Int32Array
}

/**
 * An op in words.
 *
 * @param items - parts that threads share out
 * @param values - of each field; addresses in bytes
 */
export function planOp<Name extends Kernel>(
  node: string,
  kernel: Name,
  items: number,
  values: Readonly<Record<Field<(typeof kernels)[Name][1]>, number>>,
): PlannedOp {
  const [kind, layout] = kernels[kernel]
  const names: readonly string[] = fields[layout]
  const words = names.map((name) => (values as Readonly<Record<string, number>>)[name])
  return { node, kernel, words: Int32Array.from([kind, 0, items, ...words]) }
}

/** The 32 bits of a float, for a field that holds one. */
export function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]
}

/** Height, width and channels of the images of a map. */
export interface ImageSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Bytes from each image, row and pixel to the next in a map [batch, height, width, channels] without gaps. */
export function stridesOf({ height, width, channels }: ImageSize) {
  const pixel = channels * 4
  return { image: height * width * pixel, row: width * pixel, pixel }
}

/** The strides of a copy's input, where that is a map without gaps. */
export function contiguousInput(size: ImageSize) {
  const { image, row, pixel } = stridesOf(size)
  return { inImage: image, inRow: row, inPixel: pixel, inChannel: 4 }
}
