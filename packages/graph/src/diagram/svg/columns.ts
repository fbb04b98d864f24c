import type { Box, Drawing, Edge, Frame } from '../drawing.js'
import { type Point, widthOf } from './paint.js'
import { rowsOf, sizeOf } from './rows.js'
import type { Circle, PlacedBox, PlacedFrame, Route, Scene } from './scene.js'

// A network in columns, one a stage, read from top to bottom and from left to right. Shortcuts run on the right of
// their blocks; what skips several boxes runs beside or below them.

const gutter = 40
const sidePadding = 18
const headerHeight = 50
/** From a frame's header to its first box: a line from the column before comes in here, and a shortcut leaves it. */
const entrance = 36
const enterAt = 8
const gap = 24
/** How far above a box its shortcut leaves the line. */
const junction = 12
const sumRadius = 8
const signRadius = 11
const sumGap = 16
const arcGap = 18
const laneGap = 12

/** @param origin - the upper left corner of the first frame */
export function columns({ frames, edges }: Drawing, origin: Point): Scene {
  const header = frames.length > 1 || frames[0]!.title !== '' ? headerHeight + entrance : 0
  const columnOf = new Map(frames.flatMap((frame, index) => frame.boxes.map((box) => [box.id, index] as const)))
  const near = nearEdges(edges)
  const beside = edges.filter((edge) => !near.has(edge) && columnOf.get(edge.from) === columnOf.get(edge.to))
  let stage = 0
  let left = origin.x
  const placed = frames.map((frame) => {
    const lanes = beside.filter(({ from }) => frame.boxes.some((box) => box.id === from)).length
    const at = { x: left, y: origin.y }
    const column = placeColumn(frame, at, header, lanes, frame.kind === 'stage' ? stage++ : undefined)
    left = column.frame.x + column.frame.width + gutter
    return column
  })
  const bottom = Math.max(...placed.map(({ frame }) => frame.y + frame.height))
  const routing = new Routing(placed, columnOf, near, bottom)
  const routes = edges.map((edge) => routing.route(edge))
  return {
    width: left - gutter - origin.x,
    height: routing.bottom - origin.y,
    frames: placed.map(({ frame }) => frame),
    boxes: placed.flatMap(({ boxes }) => boxes).filter(({ box }) => box.kind !== 'sum' && box.kind !== 'product'),
    circles: placed.flatMap(({ circles }) => [...circles.values()]),
    routes: [...placed.flatMap(({ stems }) => stems), ...routes],
  }
}

/** Lines from a box to the next one, and the arcs of shortcuts that branch off from those. */
function nearEdges(edges: readonly Edge[]): ReadonlySet<Edge> {
  const toNext = edges.filter(({ from, to }) => to === from + 1)
  const lines = new Set(toNext.filter(({ kind }) => kind === 'flow').map(({ from }) => from))
  return new Set(toNext.filter(({ from }) => lines.has(from)))
}

interface Column {
  readonly frame: PlacedFrame
  readonly boxes: readonly PlacedBox[]
  /** The sums, by the box that they end or are. */
  readonly circles: ReadonlyMap<number, Circle>
  /** The short lines from blocks to their sums. */
  readonly stems: readonly Route[]
}

function placeColumn(frame: Frame, { x, y }: Point, header: number, lanes: number, stage: number | undefined): Column {
  const contents = frame.boxes.map((box) => ({ box, rows: rowsOf(box, 'network') }))
  const arcs = frame.boxes.some((box) => box.shortcut) || lanes > 0 ? arcGap + lanes * laneGap : 0
  const widths = contents.map(({ box, rows }) => sizeOf(box, rows).width)
  const inner = Math.max(headingWidth(frame) - arcs, ...widths)
  const centre = x + sidePadding + inner / 2
  const boxes: PlacedBox[] = []
  const circles = new Map<number, Circle>()
  const stems: Route[] = []
  let top = y + header
  for (const { box, rows } of contents) {
    const round = box.kind === 'sum' || box.kind === 'product'
    const [width, height] = round ? [2 * signRadius, 2 * signRadius] : [inner, sizeOf(box, rows).height]
    boxes.push({ box, rows, stage, x: centre - width / 2, y: top, width, height })
    const circle = round ? top + signRadius : box.shortcut ? top + height + sumGap : undefined
    if (circle !== undefined) circles.set(box.id, circleOf(box, { x: centre, y: circle }, stage))
    const { radius = 0 } = circles.get(box.id) ?? {}
    if (!round && circle !== undefined) stems.push(stemOf({ x: centre, y: top + height }, circle - radius))
    top = (circle === undefined ? top + height : circle + radius) + gap
  }
  const { kind, title, facts } = frame
  const size = { width: inner + arcs + 2 * sidePadding, height: top - gap + 26 - y }
  return { frame: { kind, title, facts, stage, x, y, ...size }, boxes, circles, stems }
}

function headingWidth({ title, facts }: Frame): number {
  const [shape, ...costs] = facts.length > 2 ? facts : ['', ...facts]
  return Math.max(widthOf(title, 15, true) + 14 + widthOf(shape!, 12), widthOf(costs.join(' · '), 12))
}

/** A sum or a product on its own, or the smaller sum that ends a block. */
function circleOf(box: Box, { x, y }: Point, stage: number | undefined): Circle {
  const names = box.names.join(', ')
  if (box.shortcut) return { x, y, radius: sumRadius, sign: '+', title: `sum of ${names}`, stage }
  return { x, y, radius: signRadius, sign: box.kind === 'product' ? '×' : '+', title: names, stage }
}

function stemOf(start: Point, end: number): Route {
  return { points: [start, { x: start.x, y: end }], kind: 'flow', stage: undefined, arrow: false }
}

/** Finds a way for each edge; ways below the frames are stacked as they come. */
class Routing {
  /** Below everything drawn so far. */
  bottom: number
  readonly #columns: readonly Column[]
  readonly #columnOf: ReadonlyMap<number, number>
  readonly #boxes: ReadonlyMap<number, PlacedBox>
  readonly #near: ReadonlySet<Edge>
  /** Boxes that a line leaves for the next one: other lines branch off from it. */
  readonly #followed: ReadonlySet<number>
  readonly #lanes = new Map<number, number>()

  constructor(
    columns: readonly Column[],
    columnOf: ReadonlyMap<number, number>,
    near: ReadonlySet<Edge>,
    bottom: number,
  ) {
    this.#near = near
    this.#followed = new Set([...near].map(({ from }) => from))
    this.#columns = columns
    this.#columnOf = columnOf
    this.#boxes = new Map(columns.flatMap(({ boxes }) => boxes.map((placed) => [placed.box.id, placed])))
    this.bottom = bottom
  }

  route(edge: Edge): Route {
    const { from, to, kind } = edge
    const sameColumn = this.#columnOf.get(from) === this.#columnOf.get(to)
    const stage = kind === 'flow' ? undefined : this.#boxes.get(to)!.stage
    const points = this.#near.has(edge)
      ? this.#toNext(from, to, kind)
      : sameColumn
        ? this.#beside(from, to, kind)
        : this.#below(from, to, kind)
    return { points, kind, stage, arrow: true }
  }

  #toNext(from: number, to: number, kind: Edge['kind']): readonly Point[] {
    const start = this.#exit(from)
    const end = this.#boxes.get(to)!
    const x = end.x + end.width / 2
    if (kind !== 'flow') return this.#arc(end, kind)
    const tip = { x, y: end.y }
    if (this.#columnOf.get(from) === this.#columnOf.get(to)) return [start, tip]
    const { frame } = this.#column(from)
    const turn = frame.x + frame.width + gutter / 2
    const below = start.y + gap - junction
    const above = this.#column(to).frame.y + headerHeight + enterAt
    return [start, { x: start.x, y: below }, { x: turn, y: below }, { x: turn, y: above }, { x, y: above }, tip]
  }

  /** From the line that enters a block, around it, to its sum. */
  #arc(end: PlacedBox, kind: Edge['kind']): readonly Point[] {
    const tip = this.#tip(end.box, kind)
    const x = end.x + end.width / 2
    const side = end.x + end.width + arcGap
    const y = end.y - junction
    return [{ x, y }, { x: side, y }, { x: side, y: tip.y }, tip]
  }

  #beside(from: number, to: number, kind: Edge['kind']): readonly Point[] {
    const start = this.#leaving(from)
    const tip = this.#tip(this.#boxes.get(to)!.box, kind)
    const column = this.#columnOf.get(from)!
    const lane = (this.#lanes.get(column) ?? 0) + 1
    this.#lanes.set(column, lane)
    const right = Math.max(...this.#column(from).boxes.map((placed) => placed.x + placed.width))
    const side = right + arcGap + lane * laneGap
    return [...start, { x: side, y: start.at(-1)!.y }, { x: side, y: tip.y }, tip]
  }

  #below(from: number, to: number, kind: Edge['kind']): readonly Point[] {
    this.bottom += laneGap
    const { bottom } = this
    const start = this.#leaving(from)
    const source = this.#column(from).frame
    const target = this.#column(to).frame
    const out = source.x + source.width + gutter / 2 - 8
    const [turn, tip] = this.#arrival(to, kind, target)
    const down = [
      { x: out, y: start.at(-1)!.y },
      { x: out, y: bottom },
    ]
    return [...start, ...down, { x: turn, y: bottom }, { x: turn, y: tip.y }, tip]
  }

  /** From which side a way from below arrives: at the sum of a block from the right, as shortcuts do, else from the left. */
  #arrival(to: number, kind: Edge['kind'], frame: PlacedFrame): readonly [turn: number, tip: Point] {
    const { box, x, y, height } = this.#boxes.get(to)!
    if (box.shortcut && kind !== 'flow') return [frame.x + frame.width + 8, this.#tip(box, kind)]
    return [frame.x - gutter / 2 + 8, { x, y: y + height / 2 }]
  }

  #column(id: number): Column {
    return this.#columns[this.#columnOf.get(id)!]!
  }

  /** Where a box is left. */
  #exit(id: number): Point {
    const { x, y, width, height } = this.#boxes.get(id)!
    const sum = this.#column(id).circles.get(id)
    return { x: x + width / 2, y: sum ? sum.y + sum.radius : y + height }
  }

  /** From a box, or from the line that leaves it for the next. */
  #leaving(id: number): readonly Point[] {
    const exit = this.#exit(id)
    const branch = { x: exit.x, y: exit.y + gap - junction }
    return this.#followed.has(id) ? [branch] : [exit, branch]
  }

  /** Where a way from the side arrives at a box, or at the sum that ends it. */
  #tip(box: Box, kind: Edge['kind']): Point {
    const circle = this.#column(box.id).circles.get(box.id)
    if (circle && (kind !== 'flow' || !box.shortcut)) return { x: circle.x + circle.radius, y: circle.y }
    const { x, y, width, height } = this.#boxes.get(box.id)!
    return { x: x + width, y: y + height / 2 }
  }
}
