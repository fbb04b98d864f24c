import {
  describeValue,
  OptionError,
  type Params,
  type Preprocess,
  refuseUnknownOptions,
  type Tensor,
} from '@resnet-ts/graph'
import { type HeatMap, overlay, type RgbImage } from '@resnet-ts/vision'
import type { Classifier } from './classifier.js'
import { type Prediction, topPredictions } from './predictions.js'

/** Why a network answers a class: what each place of the photograph adds to its logit. */
export interface Explanation extends Prediction {
  /** The class's, before the softmax. */
  readonly logit: number
  /**
   * The class activation map (Zhou et al. 2016): the classifier's weights of the class times the last feature map. It
   * is exact: the mean of its values, plus the classifier's bias, is the logit.
   */
  readonly map: HeatMap
  /** The photograph with the map laid over the part of it that the network sees, at its own resolution. */
  overlay(options?: { readonly opacity?: number | undefined }): RgbImage
}

/**
 * @param logits - of one image, `[1, classes]`
 * @param features - its last feature map, `[1, h, w, c]`
 * @param classIndex - the class to explain; the likeliest if undefined
 * @throws {OptionError} when there is no such class
 */
export function explain(
  photo: RgbImage,
  { logits, features }: { readonly logits: Tensor; readonly features: Tensor },
  classIndex: number | undefined,
  model: {
    readonly classifier: Classifier
    readonly params: Params
    readonly labels: readonly string[] | undefined
    readonly preprocess: Preprocess
  },
): Explanation {
  const classes = logits.data.length
  const predictions = topPredictions(logits.data, model.labels, classes)
  const prediction = classIndex === undefined ? predictions[0] : predictions.find(({ index }) => index === classIndex)
  if (!prediction) {
    throw new OptionError({
      subject: 'the class to explain',
      expected: `a whole number from 0 to ${classes - 1}`,
      found: describeValue(classIndex),
    })
  }
  const weight = model.params.get(model.classifier.weight)!.read()
  const map = activationMap(features, weight, prediction.index)
  return {
    ...prediction,
    logit: logits.data[prediction.index]!,
    map,
    overlay(options = {}) {
      refuseUnknownOptions('overlay', options, { opacity: true })
      return overlay(photo, map, model.preprocess, options)
    },
  }
}

function activationMap({ shape, data }: Tensor, weight: Float32Array, classIndex: number): HeatMap {
  const [, height, width, channels] = shape as readonly [number, number, number, number]
  const own = weight.subarray(classIndex * channels, (classIndex + 1) * channels)
  const values = Float32Array.from({ length: height * width }, (_, place) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += own[channel]! * data[place * channels + channel]!
    return sum
  })
  return { width, height, values }
}
