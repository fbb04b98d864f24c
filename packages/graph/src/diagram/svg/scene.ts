import type { Box, Edge, Frame } from '../drawing.js'
import type { Point, Rectangle } from './paint.js'

/** A drawing with a place for everything, in pixels; layouts make it, and it takes only colours to paint it. */
export interface Scene {
  readonly width: number
  readonly height: number
  readonly frames: readonly PlacedFrame[]
  readonly boxes: readonly PlacedBox[]
  readonly circles: readonly Circle[]
  readonly routes: readonly Route[]
}

export interface PlacedFrame extends Rectangle {
  readonly kind: Frame['kind'] | 'inner'
  readonly title: string
  readonly facts: readonly string[]
  /** Which stage's colour it has; nothing for neutral. */
  readonly stage: number | undefined
}

export interface PlacedBox extends Rectangle {
  readonly box: Box
  readonly rows: readonly Row[]
  readonly stage: number | undefined
}

/** A line of text in a box. */
export interface Row {
  readonly text: string
  /** At the right end of the line. */
  readonly aside: string
  readonly height: number
  readonly size: number
  readonly tone: 'title' | 'plain' | 'muted'
  /** A hairline above it. */
  readonly ruled: boolean
}

/** Where two values meet. */
export interface Circle extends Point {
  readonly radius: number
  readonly sign: '+' | '×'
  readonly title: string
  readonly stage: number | undefined
}

export interface Route {
  readonly points: readonly Point[]
  readonly kind: Edge['kind']
  readonly stage: number | undefined
  /** Whether it ends in an arrowhead. */
  readonly arrow: boolean
}
