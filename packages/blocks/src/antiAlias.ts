import type { GraphBuilder, Value } from '@resnet-ts/graph'

/** Subsamples a map after a convolution of stride 1, in place of a convolution with a stride. */
export interface AntiAlias {
  /** `[n, h, w, c] → [n, h', w', c]`, each side shorter by `stride`; `name` is that of the node. */
  (g: GraphBuilder, x: Value, options: { name: string; stride: number }): Value
  /** Whether it takes the place of the stem's max pooling, instead of following it. @defaultValue false */
  readonly replacesMaxPool?: boolean
}

/** A binomial blur of 3×3 (Zhang 2019; timm `BlurPool2d`). */
export const blurPool: AntiAlias = (g, x, { name, stride }) => g.blurPool(x, { name, kernel: 3, stride })

/** The mean of `stride × stride` pixels; in the stem it replaces the max pooling (timm's `aa_layer=avg`). */
export const averagePool: AntiAlias = /* @__PURE__ */ Object.assign(
  (g: GraphBuilder, x: Value, { name, stride }: { name: string; stride: number }) =>
    g.avgPool(x, { name, kernel: stride }),
  { replacesMaxPool: true },
)
