import type { Prediction } from 'resnet-ts'

/** How many of one class were right. */
export interface ClassScore {
  readonly total: number
  readonly correct: number
  /** The share that was right; null for a class of no images. */
  readonly top1: number | null
}

/** How many images of each class were classified, and how many of them rightly. */
export class Tally {
  readonly #labels: readonly string[]
  /** By the class's place among the labels. */
  readonly #classes: Map<number, { total: number; correct: number }>
  /** How often the class was the first, the second, … guess. */
  readonly #ranks: number[] = []

  /** @param classes - the classes that are looked at, by their places among the labels */
  constructor(labels: readonly string[], classes: Iterable<number>) {
    this.#labels = labels
    this.#classes = new Map(Array.from(classes, (index) => [index, { total: 0, correct: 0 }]))
  }

  /** @param classIndex - what the image shows */
  add(classIndex: number, predictions: readonly Prediction[]): void {
    const score = this.#classes.get(classIndex)!
    const rank = predictions.findIndex(({ index }) => index === classIndex)
    score.total += 1
    if (rank === 0) score.correct += 1
    if (rank >= 0) this.#ranks[rank] = (this.#ranks[rank] ?? 0) + 1
  }

  get total(): number {
    return [...this.#classes.values()].reduce((sum, { total }) => sum + total, 0)
  }

  /** How many images had their class among the `k` likeliest. */
  correct(k: number): number {
    return this.#ranks.slice(0, k).reduce((sum, count) => sum + count, 0)
  }

  /** The share that `correct(k)` is of all; null when there are no images. */
  accuracy(k: number): number | null {
    return share(this.correct(k), this.total)
  }

  /** By label, in the order of the labels. */
  get perClass(): Readonly<Record<string, ClassScore>> {
    const inOrder = [...this.#classes].sort(([left], [right]) => left - right)
    return Object.fromEntries(
      inOrder.map(([index, { total, correct }]) => [
        this.#labels[index]!,
        { total, correct, top1: share(correct, total) },
      ]),
    )
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
