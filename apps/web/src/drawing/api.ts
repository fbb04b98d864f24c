import type { Cost, Shape } from '@resnet-ts/graph'
import type { Box } from '@resnet-ts/graph/diagram'
import type { Method } from '../remote/protocol.js'

// What the worker that reads graphs offers. Types alone: the page imports them, and no graph.

/** A network of the zoo, drawn for images of its own size. */
export interface NetworkView {
  readonly name: string
  /** `[height, width]` of the image. */
  readonly size: readonly [height: number, width: number]
  readonly total: Cost
  readonly blocks: number
  /** Whether neighbours that are alike are one box. */
  readonly grouped: boolean
  readonly frames: readonly FrameView[]
  /** What dashed shortcuts are made of: `1×1 conv + batch norm`. */
  readonly dashed: readonly string[]
}

/** A stage, or the layers before, between or after stages. */
export interface FrameView {
  readonly title: string
  readonly isStage: boolean
  /** What leaves it, in words. */
  readonly shape: string
  readonly cost: Cost
  readonly boxes: readonly BoxView[]
}

export interface BoxView
  extends Pick<Box, 'kind' | 'names' | 'title' | 'tag' | 'details' | 'shape' | 'shortcut' | 'count'> {
  /** Of all that it stands for. */
  readonly cost: Cost
}

/** What is inside a box. */
export interface BoxDetails {
  /** An SVG of its layers, for a block. */
  readonly figure: string | undefined
  readonly layers: readonly LayerView[]
}

export interface LayerView {
  readonly name: string
  /** Its op, or the kind of its activation. */
  readonly kind: string
  readonly shape: Shape
  /** Of its weight, in PyTorch's order; undefined where it has none. */
  readonly weight: Shape | undefined
  readonly cost: Cost
}

/** Models of one kind. */
export interface ModelGroup {
  readonly title: string
  readonly names: readonly string[]
}

export type Theme = 'light' | 'dark'

interface OfModel {
  readonly model: string
}

// biome-ignore lint/style/useConsistentTypeDefinitions: an interface has no index signature, which Methods asks for
export type DrawingMethods = {
  models: Method<undefined, readonly ModelGroup[]>
  network: Method<OfModel & { readonly everyBlock: boolean }, NetworkView>
  box: Method<OfModel & { readonly names: readonly string[]; readonly theme: Theme }, BoxDetails>
  text: Method<OfModel, string>
  svg: Method<OfModel & { readonly everyBlock: boolean; readonly theme: Theme }, Blob>
  summary: Method<OfModel, Blob>
  /** With weights drawn afresh. */
  onnx: Method<OfModel, Blob>
}
