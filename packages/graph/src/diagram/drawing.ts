/** What is drawn, before anyone has decided how: the three formats render the same drawing. */
export interface Drawing {
  /** Stages and blocks, or the layers of one block. */
  readonly view: 'network' | 'layers'
  /** The network, or `network · part`. */
  readonly title: string
  /** What is known of the whole: its input, its parameters. */
  readonly facts: readonly string[]
  /** Boxes in the order in which they are computed, by frame. Box `id`s are their places in that order. */
  readonly frames: readonly Frame[]
  /** Which value goes where. */
  readonly edges: readonly Edge[]
  /** What the dashed shortcuts are made of: `1×1 conv + batch norm`. */
  readonly dashed: readonly string[]
}

/** A stage, or the layers before, between or after stages. */
export interface Frame {
  /** A stage; layers outside of stages; or, where layers are drawn, all of them. */
  readonly kind: 'stage' | 'part' | 'layers'
  /** Empty where a part has no name. */
  readonly title: string
  /** What is known of it, in words. */
  readonly facts: readonly string[]
  /** In the order in which they are computed. */
  readonly boxes: readonly Box[]
}

/** One thing that is drawn. */
export interface Box {
  /** Its place among all boxes. */
  readonly id: number
  /**
   * `value` for what enters or leaves, `layers` for a layer and those that only follow it, `block` for a whole block,
   * `sum` and `product` for the places where two values meet.
   */
  readonly kind: 'value' | 'layers' | 'block' | 'sum' | 'product'
  /** The names of its nodes or of its scopes, in full. */
  readonly names: readonly string[]
  /** What it is, in words: `bottleneck`, `max pool`. */
  readonly title: string
  /** `stride 2`, or empty. */
  readonly tag: string
  /** Further lines under the title: a block's layers in brief, `3×3, 64`, and its gates. */
  readonly details: readonly string[]
  /** What leaves it, in words. */
  readonly shape: string
  /** The names of the network's outputs among its values. */
  readonly outputs: readonly string[]
  /** How many blocks in a row it stands for. */
  readonly count: number
  /** Of a block. */
  readonly shortcut: 'solid' | 'dashed' | undefined
  /** The parts around it inside the part that is drawn, from the outermost in; only where layers are drawn. */
  readonly within: readonly Part[]
}

/** A part that boxes stand in. */
export interface Part {
  /** In full: `layer2.0.downsample`. */
  readonly name: string
  /** What it is, in words. */
  readonly title: string
}

/** A solid or dashed edge that arrives at a block arrives at the sum that ends it. */
export interface Edge {
  /** The `id` of the box that the value leaves. */
  readonly from: number
  /** The `id` of the box that it enters. */
  readonly to: number
  /** An edge of the main path, a shortcut that is the identity, or one that changes the shape. */
  readonly kind: 'flow' | 'solid' | 'dashed'
}

/** What the caller may choose. */
export interface DiagramOptions {
  /**
   * `blocks` draws every block, `groups` draws neighbours that are alike once, with their number.
   *
   * @defaultValue 'blocks' up to 20 blocks, 'groups' beyond
   */
  readonly depth?: 'blocks' | 'groups' | undefined
  /** The part to draw: a stage (`layer2`), or the layers of one block (`layer2.0`). @defaultValue the network */
  readonly scope?: string | undefined
}
