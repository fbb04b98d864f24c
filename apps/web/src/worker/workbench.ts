import { BackendError } from '@resnet-ts/graph'
import { cropTo, decode, overlay, type RgbImage } from '@resnet-ts/vision'
import type { Timings } from 'resnet-ts'
import { type Served, Transferred } from '../remote/serve.js'
import type { Classification, ModelMethods } from './api.js'
import { backendStates } from './backends.js'
import { type BlockValues, blockPictures, stageOf, stepOf, valuesOfStage } from './inside.js'
import { type Loaded, loadModel } from './loading.js'
import { measure } from './measure.js'
import { bitmapOf, fitted } from './pictures.js'
import { publishedOnHub } from './published.js'

/** The longer side of a photograph as it is shown, in pixels. */
const shown = 1280

interface Photo {
  readonly image: RgbImage
  readonly display: RgbImage
  readonly decode: number
}

/** The values of one stage, the last that was looked into; whoever asks for them next gets the same. */
interface Looked {
  readonly photo: Photo
  readonly loaded: Loaded
  readonly stage: string
  readonly values: Promise<ReadonlyMap<string, BlockValues>>
}

/** One model and one photograph, and all that is asked of them. */
export function workbench(): Served<ModelMethods> {
  let loaded: Loaded | undefined
  let preparing = 0
  let photo: Photo | undefined
  let looked: Looked | undefined

  const requireLoaded = () => loaded ?? missing('a model', 'none')
  const requirePhoto = () => photo ?? missing('a photograph', 'none')

  const classify = async (image: RgbImage | ImageBitmap, signal: AbortSignal): Promise<Classification> => {
    let timings: Timings = { decode: 0, preprocess: 0, inference: 0 }
    const onTimings = (told: Timings) => {
      timings = told
    }
    const predictions = await requireLoaded().model.classify(image, { topK: 5, onTimings, signal })
    return { predictions, timings }
  }

  const valuesOf = async (stage: string) => {
    const [now, open] = [requireLoaded(), requirePhoto()]
    if (looked?.photo === open && looked.loaded === now && looked.stage === stage) return looked.values
    const values = valuesOfStage(now.model, open.image, stage)
    const own: Looked = { photo: open, loaded: now, stage, values }
    looked = own
    values.catch(() => {
      if (looked === own) looked = undefined
    })
    return values
  }

  return {
    backends: backendStates,
    published: publishedOnHub,

    async architectures() {
      const { models } = await import('@resnet-ts/zoo/catalog')
      return [...models.keys()]
    },

    async load(request, call) {
      const start = performance.now()
      const next = await loadModel(request, call)
      if (call.signal.aborted) {
        await next.model.dispose()
        call.signal.throwIfAborted()
      }
      const last = loaded
      loaded = next
      preparing = performance.now() - start
      // What still runs on it ends first.
      void last?.model.dispose()
      return next.info
    },

    async open(source, { signal }) {
      const start = performance.now()
      const image = await decode(source, { signal })
      signal.throwIfAborted()
      const milliseconds = performance.now() - start
      photo = { image, display: fitted(image, shown), decode: milliseconds }
      const display = await bitmapOf(photo.display)
      const { width, height } = image
      return new Transferred({ width, height, decode: milliseconds, display }, [display])
    },

    async classify(_, { signal }) {
      const { image, decode } = requirePhoto()
      const { preprocess } = requireLoaded().model
      const { predictions, timings } = await classify(image, signal)
      const seen = await bitmapOf(cropTo(image, preprocess))
      return new Transferred({ predictions, timings: { ...timings, decode }, seen }, [seen])
    },

    frame: (frame, { signal }) => classify(frame, signal),

    async explain(classIndex, { signal }) {
      const { image, display } = requirePhoto()
      const { model } = requireLoaded()
      const { map } = await model.explain(image, classIndex, { signal })
      const picture = await bitmapOf(overlay(display, map, model.preprocess))
      return new Transferred({ index: classIndex, overlay: picture, cells: [map.height, map.width] }, [picture])
    },

    async steps({ stage, theme }) {
      const values = await valuesOf(stage)
      const steps = await Promise.all([...values].map(([name, own]) => stepOf(name, own, theme)))
      return new Transferred(
        steps,
        steps.map(({ picture }) => picture),
      )
    },

    async block({ name, channels, theme }) {
      const values = await valuesOf(stageOf(name))
      const own = values.get(name) ?? missing(`a block '${name}'`, 'another network')
      const pictures = await blockPictures(name, own, channels, theme)
      const parts = pictures.channels.flatMap(({ shortcut, residual, sum, output }) => [
        shortcut,
        residual,
        sum,
        output,
      ])
      return new Transferred(pictures, parts)
    },

    async onnx() {
      const { exportOnnx } = await import('@resnet-ts/onnx')
      const { model } = requireLoaded()
      const { labels, preprocess } = model
      const file = exportOnnx(model, { labels, preprocess })
      return new Blob([file as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' })
    },

    async measure({ milliseconds }, { signal, progress }) {
      const { model } = requireLoaded()
      const measured = await measure(model, milliseconds, { signal, onRun: (run) => progress({ run }) })
      return { ...measured, preparing }
    },
  }
}

function missing(expected: string, found: string): never {
  throw new BackendError({ subject: 'the workbench', expected, found })
}
