import {
  BackendError,
  type Graph,
  inputsOf,
  OptionError,
  onlyInput,
  type Params,
  type Preprocess,
  type Session,
  type SessionDescription,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import { decode, type ImageSource, preprocess } from '@resnet-ts/vision'
import { classifierOf } from './classifier.js'
import { type Explanation, explain } from './explain.js'
import { type Prediction, topPredictions } from './predictions.js'
import { createTaps } from './taps.js'

/** Where the time of one image went, in milliseconds; `inference` is its share of its batch's. */
export interface Timings {
  readonly decode: number
  readonly preprocess: number
  readonly inference: number
}

/** How images are taken through a network. */
export interface ImageOptions {
  /** How many images the network computes at once. @defaultValue 8 */
  readonly batchSize?: number | undefined
  /** Ends the work early: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface ClassifyOptions extends ImageOptions {
  /** How many classes to tell of each image. @defaultValue 5 */
  readonly topK?: number | undefined
  /** Is told the timings of each image, by its place in the list. */
  readonly onTimings?: ((timings: Timings, index: number) => void) | undefined
}

/** A network that is ready to use. */
export interface Model {
  /** The architecture's name. */
  readonly name: string
  readonly graph: Graph
  /** The classes' names, where they are known. */
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess
  /**
   * The likeliest classes of a photograph, likeliest first; of a list of them, a list of lists.
   *
   * @throws {ImageError} when an image cannot be read
   * @throws {OptionError} when an option is out of range, or the network has no classifier
   */
  classify(image: ImageSource, options?: ClassifyOptions): Promise<readonly Prediction[]>
  classify(images: readonly ImageSource[], options?: ClassifyOptions): Promise<readonly (readonly Prediction[])[]>
  /**
   * The pooled features of a photograph `[c]`, as they go into the classifier; of a list of them, a list.
   *
   * @throws {ImageError} when an image cannot be read
   * @throws {OptionError} when an option is out of range, or the network does not pool
   */
  embed(image: ImageSource, options?: ImageOptions): Promise<Float32Array>
  embed(images: readonly ImageSource[], options?: ImageOptions): Promise<readonly Float32Array[]>
  /**
   * The values of any stages, blocks or nodes, by the names they are asked for: `layer1`, `layer2.0`,
   * `layer1.0.conv1`, `embedding`. Nothing is computed beyond the last of them. Each new set of names is compiled
   * once; the last few are kept.
   *
   * @returns feature maps `[1, h, w, c]`, or vectors `[1, c]`
   * @throws {OptionError} naming all that do not exist
   * @throws {ImageError} when the image cannot be read
   */
  features(
    image: ImageSource,
    taps: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Readonly<Record<string, Tensor>>>
  /**
   * What each place of a photograph adds to the logit of a class: its class activation map, exact for networks that
   * pool by average before one linear layer.
   *
   * @param classIndex - the likeliest if left out
   * @throws {OptionError} when there is no such class, or the network has another head
   * @throws {ImageError} when the image cannot be read
   */
  explain(
    image: ImageSource,
    classIndex?: number,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Explanation>
  /**
   * A photograph as the network takes it: decoded, resized, cropped and normalised, `[1, height, width, 3]`.
   *
   * @throws {ImageError} when the image cannot be read
   */
  prepare(image: ImageSource, options?: { readonly signal?: AbortSignal | undefined }): Promise<Tensor>
  /**
   * What the network answers to pixels that are prepared already.
   *
   * @param pixels - `[n, height, width, 3]`, normalised as `preprocess` says; any size the network can take
   * @returns the network's first output: logits `[n, numClasses]`, as a rule
   * @throws {ShapeError} when the network cannot take the pixels
   */
  predict(pixels: Tensor, options?: { readonly signal?: AbortSignal | undefined }): Promise<Tensor>
  /** What computes, and why it is not faster. */
  describe(): SessionDescription
  /** Frees everything. Later calls are refused; disposing twice is harmless. */
  dispose(): Promise<void>
}

/** What a model is made of. */
export interface ModelParts {
  readonly name: string
  readonly graph: Graph
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess
  readonly params: Params
  readonly session: Session
  /** Compiles the same network with other outputs: names of nodes, scopes or outputs. */
  compile(outputs: readonly string[]): Promise<Session>
  readonly fetch: typeof globalThis.fetch | undefined
}

export function createModel(parts: ModelParts): Model {
  const { name, graph, labels, session } = parts
  const input = onlyInput(graph)
  const taps = createTaps(parts.compile)
  let disposed = false

  const requireInUse = () => {
    if (!disposed) return
    throw new BackendError({
      subject: `model '${name}'`,
      expected: 'a model in use',
      found: 'one that was disposed of',
    })
  }

  const run = async (pixels: Tensor, signal: AbortSignal | undefined, from: Session = session) => {
    requireInUse()
    return from.run({ [input]: pixels }, { signal })
  }

  const features = async (pixels: Tensor, names: readonly string[], signal: AbortSignal | undefined) =>
    taps.use(names, (tapped) => run(pixels, signal, tapped))

  const read = (image: ImageSource, signal: AbortSignal | undefined) => {
    // A signal for each image: Node warns of many listeners on one.
    const own = signal && AbortSignal.any([signal])
    return decode(image, { signal: own, fetch: parts.fetch })
  }

  const prepare = async (image: ImageSource, signal: AbortSignal | undefined) => {
    requireInUse()
    requireColour(graph)
    const start = performance.now()
    const decoded = await read(image, signal)
    const middle = performance.now()
    const pixels = preprocess(decoded, parts.preprocess)
    return { pixels, decode: middle - start, preprocess: performance.now() - middle }
  }

  /** Rows of one output, one an image, with timings; the next batch is prepared while one is computed. */
  const rowsOf = async (output: string, images: readonly ImageSource[], options: ClassifyOptions) => {
    const { batchSize = 8, signal, onTimings } = options
    requireCount('batchSize', batchSize)
    requireOutput(graph, output)
    const rows: Float32Array[] = []
    const batchAt = (start: number) => {
      const batch = Promise.all(images.slice(start, start + batchSize).map((image) => prepare(image, signal)))
      // It may fail while an earlier batch is still computed; whoever awaits it is told then.
      batch.catch(() => undefined)
      return batch
    }
    let next = batchAt(0)
    for (let start = 0; start < images.length; start += batchSize) {
      const batch = await next
      next = batchAt(start + batchSize)
      const begin = performance.now()
      const result = (await run(concatenate(batch.map(({ pixels }) => pixels)), signal))[output]!
      const inference = (performance.now() - begin) / batch.length
      const width = result.data.length / batch.length
      for (const [index, image] of batch.entries()) {
        rows.push(result.data.slice(index * width, (index + 1) * width))
        onTimings?.({ decode: image.decode, preprocess: image.preprocess, inference }, start + index)
      }
    }
    return rows
  }

  const classify = async (images: ImageSource | readonly ImageSource[], options: ClassifyOptions = {}) => {
    const { topK = 5 } = options
    requireCount('topK', topK)
    const rows = await rowsOf('logits', isList(images) ? images : [images], options)
    const predictions = rows.map((logits) => topPredictions(logits, labels, topK))
    return isList(images) ? predictions : predictions[0]
  }

  const embed = async (images: ImageSource | readonly ImageSource[], options: ImageOptions = {}) => {
    const rows = await rowsOf('embedding', isList(images) ? images : [images], options)
    return isList(images) ? rows : rows[0]
  }

  return {
    name,
    graph,
    labels,
    preprocess: parts.preprocess,
    classify: classify as Model['classify'],
    embed: embed as Model['embed'],
    async features(image, names, { signal } = {}) {
      return features((await prepare(image, signal)).pixels, names, signal)
    },
    async explain(image, classIndex, { signal } = {}) {
      const classifier = classifierOf(graph)
      requireColour(graph)
      const photo = await read(image, signal)
      const pixels = preprocess(photo, parts.preprocess)
      const outputs = await features(pixels, ['logits', classifier.features], signal)
      const found = { logits: outputs.logits!, features: outputs[classifier.features]! }
      return explain(photo, found, classIndex, { ...parts, classifier })
    },
    prepare: async (image, options = {}) => (await prepare(image, options.signal)).pixels,
    predict: async (pixels, options = {}) => Object.values(await run(pixels, options.signal))[0]!,
    describe: () => session.describe(),
    async dispose() {
      disposed = true
      await Promise.all([session.dispose(), taps.dispose()])
    },
  }
}

function isList(images: ImageSource | readonly ImageSource[]): images is readonly ImageSource[] {
  return Array.isArray(images)
}

/** Images `[1, h, w, c]` of one size as one tensor `[n, h, w, c]`. */
function concatenate(images: readonly Tensor[]): Tensor {
  const [first] = images
  if (images.length === 1) return first!
  const size = first!.data.length
  const data = new Float32Array(size * images.length)
  for (const [index, image] of images.entries()) data.set(image.data, index * size)
  return tensor([images.length, ...first!.shape.slice(1)], data)
}

function requireColour(graph: Graph): void {
  const channels = inputsOf(graph)[0]?.attributes.channels
  if (channels === 3) return
  throw new OptionError({
    subject: `network '${graph.name}'`,
    expected: 'an input of three channels for photographs',
    found: String(channels),
    advice: 'prepare the pixels yourself and call predict',
  })
}

function requireCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new OptionError({ subject: `option '${option}'`, expected: 'a whole number from 1', found: String(value) })
}

function requireOutput(graph: Graph, output: string): void {
  if (graph.outputs[output] !== undefined) return
  throw new OptionError({
    subject: `network '${graph.name}'`,
    expected: `an output '${output}'`,
    found: Object.keys(graph.outputs).join(', '),
  })
}
