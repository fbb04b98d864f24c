import { BackendError } from '@resnet-ts/graph'

/** One guess. */
export interface Prediction {
  /** The class's name, or `class 7` where the model has no names. */
  readonly label: string
  /** The class's place among the logits, from 0. */
  readonly index: number
  /** In [0, 1], by the softmax of the logits. */
  readonly probability: number
}

/** What a class without a name is called. */
function labelOf(index: number, labels: readonly string[] | undefined): string {
  return labels?.[index] ?? `class ${index}`
}

/**
 * The likeliest classes, likeliest first.
 *
 * @param logits - one image's, `[numClasses]`
 * @throws {BackendError} when a logit is not a finite number
 */
export function topPredictions(
  logits: Float32Array,
  labels: readonly string[] | undefined,
  topK: number,
): readonly Prediction[] {
  const broken = logits.findIndex((value) => !Number.isFinite(value))
  if (broken >= 0) {
    throw new BackendError({
      subject: `logit ${broken}`,
      expected: 'a finite number',
      found: String(logits[broken]),
      advice: 'the weights, or the pixels, hold values that are not finite or overflow',
    })
  }
  const largest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const exponentials = Float64Array.from(logits, (value) => Math.exp(value - largest))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  return Array.from(exponentials, (value, index) => ({ index, probability: value / sum }))
    .sort((left, right) => right.probability - left.probability || left.index - right.index)
    .slice(0, topK)
    .map(({ index, probability }) => ({ label: labelOf(index, labels), index, probability }))
}
