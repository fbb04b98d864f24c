import {
  BackendError,
  describeValue,
  type Graph,
  inputsOf,
  OptionError,
  onlyInput,
  type Params,
  type Preprocess,
  type RunOptions,
  refuseUnknownOptions,
  type Session,
  type SessionDescription,
  type Tensor,
} from '@resnet-ts/graph'
import { decode, type ImageSource, prepare as preparePhoto, preprocess } from '@resnet-ts/vision'
import type { Mismatches } from '@resnet-ts/weights'
import { type BoundParams, describeMismatches } from './binding.js'
import { classifierOf } from './classifier.js'
import { type Explanation, explain } from './explain.js'
import { type ClassifyOptions, classifyOptions, type ImageOptions, imageOptions, runOptions } from './options.js'
import { type Prediction, topPredictions } from './predictions.js'
import { type Prepared, requireCount, rowsOf } from './rows.js'
import { createTaps } from './taps.js'

/** A network that is ready to use. Every method refuses options that it does not know. */
export interface Model {
  /** The architecture's name. */
  readonly name: string
  readonly graph: Graph
  /** The classes' names, where they are known. */
  readonly labels: readonly string[] | undefined
  readonly preprocess: Preprocess
  /**
   * What of the checkpoint and the network did not fit together, by their keys: three empty lists, but with
   * `strict: false`. What is missing or misshapen was drawn afresh.
   */
  readonly mismatches: Mismatches
  /** The weights, by their keys, as they are bound to `graph`: `exportOnnx(model)` writes both to a file. */
  readonly params: Params
  /**
   * The likeliest classes of a photograph, likeliest first; of a list of them, a list of lists.
   *
   * @throws {ImageError} when an image cannot be read
   * @throws {OptionError} when an option is out of range or unknown, or the network has no classifier
   */
  classify(image: ImageSource, options?: ClassifyOptions): Promise<readonly Prediction[]>
  classify(images: readonly ImageSource[], options?: ClassifyOptions): Promise<readonly (readonly Prediction[])[]>
  /**
   * The pooled features of a photograph `[c]`, as they go into the classifier; of a list of them, a list.
   *
   * @throws {ImageError} when an image cannot be read
   * @throws {OptionError} when an option is out of range or unknown, or the network does not pool
   */
  embed(image: ImageSource, options?: ImageOptions): Promise<Float32Array>
  embed(images: readonly ImageSource[], options?: ImageOptions): Promise<readonly Float32Array[]>
  /**
   * The values of any stages, blocks or nodes, by the names they are asked for: `layer1`, `layer2.0`,
   * `layer1.0.conv1`, `embedding`. Nothing is computed beyond the last of them. Each new set of names is compiled
   * once; the last few are kept.
   *
   * @param taps - a list of names, of one too: `['layer1']`
   * @returns feature maps `[1, h, w, c]`, or vectors `[1, c]`, by name
   * @throws {OptionError} naming all that do not exist, or when it is no list
   * @throws {ImageError} when the image cannot be read
   */
  features<const Name extends string>(
    image: ImageSource,
    taps: readonly Name[],
    options?: RunOptions,
  ): Promise<Readonly<Record<Name, Tensor>>>
  /**
   * What each place of a photograph adds to the logit of a class: its class activation map, exact for networks that
   * pool by average before one linear layer.
   *
   * @param classIndex - the likeliest if left out
   * @throws {OptionError} when there is no such class, or the network has another head
   * @throws {ImageError} when the image cannot be read
   */
  explain(image: ImageSource, classIndex?: number, options?: RunOptions): Promise<Explanation>
  /**
   * A photograph as the network takes it: decoded, resized, cropped and normalised, `[1, height, width, 3]`.
   *
   * @throws {ImageError} when the image cannot be read
   */
  prepare(image: ImageSource, options?: RunOptions): Promise<Tensor>
  /**
   * What the network answers to pixels that are prepared already.
   *
   * @param pixels - `[n, height, width, 3]`, normalised as `preprocess` says; any size the network can take
   * @returns the network's first output: logits `[n, numClasses]`, as a rule
   * @throws {ShapeError} when the network cannot take the pixels
   */
  predict(pixels: Tensor, options?: RunOptions): Promise<Tensor>
  /** What computes, and why it is not faster; and, with `strict: false`, what of the weights is not the checkpoint's. */
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
  readonly bound: BoundParams
  readonly session: Session
  /** Compiles the same network with other outputs: names of nodes, scopes or outputs. */
  compile(outputs: readonly string[]): Promise<Session>
  readonly fetch: typeof globalThis.fetch | undefined
}

export function createModel(parts: ModelParts): Model {
  const { name, graph, labels, session } = parts
  const input = onlyInput(graph)
  const taps = createTaps(parts.compile)
  const notes = describeMismatches(graph, parts.bound.mismatches)
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

  // A signal for each image: Node warns of many listeners on one.
  const reading = (signal: AbortSignal | undefined) => ({
    signal: signal && AbortSignal.any([signal]),
    fetch: parts.fetch,
  })

  const prepare = async (image: ImageSource, signal: AbortSignal | undefined): Promise<Prepared> => {
    requireInUse()
    requireColour(graph)
    return preparePhoto(image, parts.preprocess, reading(signal))
  }

  const answers = async (images: readonly ImageSource[], output: string, options: ImageOptions) => {
    requireInUse()
    requireColour(graph)
    requireOutput(graph, output)
    const { signal } = options
    const work = {
      prepare: (image: ImageSource) => prepare(image, signal),
      run: async (pixels: Tensor) => (await run(pixels, signal))[output]!,
    }
    return rowsOf(images, work, options)
  }

  const classify = async (images: ImageSource | readonly ImageSource[], options: ClassifyOptions = {}) => {
    refuseUnknownOptions('classify', options, classifyOptions)
    const { topK = 5 } = options
    requireCount('topK', topK)
    const rows = await answers(isList(images) ? images : [images], 'logits', options)
    const predictions = rows.map((logits) => topPredictions(logits, labels, topK))
    return isList(images) ? predictions : predictions[0]
  }

  const embed = async (images: ImageSource | readonly ImageSource[], options: ImageOptions = {}) => {
    refuseUnknownOptions('embed', options, imageOptions)
    const rows = await answers(isList(images) ? images : [images], 'embedding', options)
    return isList(images) ? rows : rows[0]
  }

  return {
    name,
    graph,
    labels,
    preprocess: parts.preprocess,
    mismatches: parts.bound.mismatches,
    params: parts.bound.params,
    classify: classify as Model['classify'],
    embed: embed as Model['embed'],
    async features(image, names, options = {}) {
      refuseUnknownOptions('features', options, runOptions)
      requireNames(names)
      const outputs = await features((await prepare(image, options.signal)).pixels, names, options.signal)
      return outputs as Readonly<Record<(typeof names)[number], Tensor>>
    },
    async explain(image, classIndex, options = {}) {
      refuseUnknownOptions('explain', options, runOptions)
      const { signal } = options
      const classifier = classifierOf(graph)
      requireColour(graph)
      const photo = await decode(image, reading(signal))
      const pixels = preprocess(photo, parts.preprocess)
      const outputs = await features(pixels, ['logits', classifier.features], signal)
      const found = { logits: outputs.logits!, features: outputs[classifier.features]! }
      return explain(photo, found, classIndex, { ...parts, params: parts.bound.params, classifier })
    },
    async prepare(image, options = {}) {
      refuseUnknownOptions('prepare', options, runOptions)
      return (await prepare(image, options.signal)).pixels
    },
    async predict(pixels, options = {}) {
      refuseUnknownOptions('predict', options, runOptions)
      return Object.values(await run(pixels, options.signal))[0]!
    },
    describe() {
      const description = session.describe()
      return { ...description, notes: [...notes, ...description.notes] }
    },
    async dispose() {
      disposed = true
      await Promise.all([session.dispose(), taps.dispose()])
    },
  }
}

function isList(images: ImageSource | readonly ImageSource[]): images is readonly ImageSource[] {
  return Array.isArray(images)
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

/** @throws {OptionError} when these are no list of names */
function requireNames(names: unknown): void {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return
  const advice = typeof names === 'string' ? `write ['${names}']` : undefined
  throw new OptionError({
    subject: 'the taps of features',
    expected: 'a list of names',
    found: describeValue(names),
    advice,
  })
}

function requireOutput(graph: Graph, output: string): void {
  if (graph.outputs[output] !== undefined) return
  throw new OptionError({
    subject: `network '${graph.name}'`,
    expected: `an output '${output}'`,
    found: Object.keys(graph.outputs).join(', '),
  })
}
