import type { Box, Drawing, Edge } from '../drawing.js'
import { type Cluster, clustersOf } from '../text.js'
import { type Chain, chainsOf } from './chains.js'
import { type Point, type Rectangle, widthOf } from './paint.js'
import { rowsOf, sizeOf } from './rows.js'
import type { Circle, PlacedBox, PlacedFrame, Route, Scene } from './scene.js'

// The layers of a block, as in figure 5 of He et al. 2015: the longest way through it runs down the first lane, the
// layers of a shortcut down a lane beside it, and what has no layers of its own is an arc.

const gap = 30
const junction = 13
const radius = 12
const arcGap = 26
const levelGap = 14
const laneGap = 44
const partPadding = 12
const partTitle = 26
export const partTitleSize = 11.5

/** @param origin - the upper left corner of all */
export function lanes(drawing: Drawing, origin: Point): Scene {
  const boxes = drawing.frames.flatMap((frame) => frame.boxes)
  const chains = chainsOf(boxes, drawing.edges)
  const laneOf = new Map(chains.flatMap((chain) => chain.boxes.map((id) => [id, chain.lane] as const)))
  const arcs = arcsOf(boxes, drawing.edges, laneOf)
  const sizes = sizesOf(boxes, laneOf)
  const places = placeLanes(boxes, sizes, laneOf, arcs, origin.x)
  const tops = topsOf(boxes, sizes, drawing.edges, chains, origin.y)
  const stages = stagesOf(boxes)
  const placed = boxes.map((box): Placed => {
    const lane = places[laneOf.get(box.id)!]!
    const { width, height } = sizes[box.id]!
    const stage = box.kind === 'value' ? undefined : stages[box.id]!
    const x = lane.centre - width / 2
    return { box, rows: rowsOf(box, 'layers'), stage, x, y: tops[box.id]!, width, height, lane }
  })
  const parts = clustersOf(drawing).flatMap((outer) => [...outer.clusters.values()])
  const frames = parts.flatMap((part) => framesOf(part, placed))
  const followed = new Set(
    drawing.edges
      .filter((edge) => !arcs.has(edge) && laneOf.get(edge.from) === laneOf.get(edge.to))
      .map(({ from }) => from),
  )
  const routes = drawing.edges.map((edge) => routeOf(edge, placed, arcs.get(edge), followed))
  const points = [...routes.flatMap((route) => route.points), ...[...placed, ...frames].map(corner)]
  return {
    width: Math.max(...points.map(({ x }) => x)) - origin.x,
    height: Math.max(...points.map(({ y }) => y)) - origin.y,
    frames,
    boxes: placed.filter(({ box }) => !isRound(box)),
    circles: placed.filter(({ box }) => isRound(box)).map(circleOf),
    routes,
  }
}

/** The room of a lane around its middle, arcs aside. */
interface Lane {
  readonly index: number
  readonly centre: number
  readonly half: number
}

interface Placed extends PlacedBox {
  readonly lane: Lane
}

function corner({ x, y, width, height }: Rectangle): Point {
  return { x: x + width, y: y + height }
}

function isRound({ kind }: Box): boolean {
  return kind === 'sum' || kind === 'product'
}

interface Size {
  readonly width: number
  readonly height: number
}

function measure(box: Box): Size {
  return isRound(box) ? { width: 2 * radius, height: 2 * radius } : sizeOf(box, rowsOf(box, 'layers'))
}

/** Boxes of a lane are of one width, but for the values that enter and leave. */
function sizesOf(boxes: readonly Box[], laneOf: ReadonlyMap<number, number>): readonly Size[] {
  const sizes = boxes.map(measure)
  const widest = new Map<number, number>()
  for (const [id, { width }] of sizes.entries()) {
    const lane = laneOf.get(id)!
    widest.set(lane, Math.max(width, widest.get(lane) ?? 0))
  }
  return boxes.map((box) => {
    const size = sizes[box.id]!
    return box.kind === 'layers' ? { ...size, width: widest.get(laneOf.get(box.id)!)! } : size
  })
}

function circleOf({ box, x, y, stage }: PlacedBox): Circle {
  const sign = box.kind === 'sum' ? '+' : '×'
  return { x: x + radius, y: y + radius, radius, sign, title: box.names.join(', '), stage }
}

/** An edge that passes others of its lane, on which side, and how far out, counted from 0. */
interface Arc {
  readonly side: 'left' | 'right'
  readonly level: number
}

type Arcs = ReadonlyMap<Edge, Arc>

/** Edges that skip boxes of their own lane: to sums on the right, to gates on the left; longer ones further out. */
function arcsOf(boxes: readonly Box[], edges: readonly Edge[], laneOf: ReadonlyMap<number, number>): Arcs {
  const flow = new Set(edges.filter(({ kind }) => kind === 'flow').map(({ from, to }) => `${from} ${to}`))
  const skipping = edges.filter(({ from, to, kind }) => {
    const lane = laneOf.get(from)
    if (laneOf.get(to) !== lane) return false
    // A value that is added to itself comes twice from the same box.
    const second = kind !== 'flow' && flow.has(`${from} ${to}`)
    return second || boxes.slice(from + 1, to).some((box) => laneOf.get(box.id) === lane)
  })
  const arcs = new Map<Edge, Arc>()
  for (const edge of skipping.toSorted((left, right) => left.to - left.from - (right.to - right.from))) {
    const side = edge.kind === 'flow' && boxes[edge.to]!.kind !== 'sum' ? 'left' : 'right'
    const crossed = [...arcs].filter(
      ([other, arc]) =>
        arc.side === side &&
        laneOf.get(other.from) === laneOf.get(edge.from) &&
        other.from < edge.to &&
        edge.from < other.to,
    )
    arcs.set(edge, { side, level: Math.max(-1, ...crossed.map(([, arc]) => arc.level)) + 1 })
  }
  return arcs
}

function placeLanes(
  boxes: readonly Box[],
  sizes: readonly Size[],
  laneOf: ReadonlyMap<number, number>,
  arcs: Arcs,
  left: number,
): readonly Lane[] {
  const count = Math.max(...laneOf.values()) + 1
  const lanes: Lane[] = []
  let x = left
  for (let index = 0; index < count; index++) {
    const own = [...arcs].filter(([edge]) => laneOf.get(edge.from) === index).map(([, arc]) => arc)
    const reach = (side: Arc['side']) => {
      const levels = own.filter((arc) => arc.side === side).map((arc) => arc.level)
      return levels.length === 0 ? 0 : arcGap + Math.max(...levels) * levelGap
    }
    const inside = boxes.filter(({ id }) => laneOf.get(id) === index)
    const half = Math.max(...inside.map((box) => roomOf(box, sizes[box.id]!))) / 2
    lanes.push({ index, centre: x + reach('left') + half, half })
    x += reach('left') + 2 * half + reach('right') + laneGap
  }
  return lanes
}

/** The width of a box with the frames around it, whose titles stand left of the line that comes in. */
function roomOf(box: Box, { width }: Size): number {
  const frames = box.within.length * partPadding * 2
  return Math.max(width + frames, ...box.within.map(({ title }) => 2 * partTitleWidth(title)))
}

function partTitleWidth(title: string): number {
  return widthOf(title, partTitleSize, true) + 20
}

/** Every box below all that it takes from; side chains in the middle of the room they have. */
function topsOf(
  boxes: readonly Box[],
  sizes: readonly Size[],
  edges: readonly Edge[],
  chains: readonly Chain[],
  top: number,
): readonly number[] {
  const bottomOf = (id: number) => tops[id]! + sizes[id]!.height
  const tops: number[] = []
  const above = new Map(chains.flatMap(({ boxes: ids }) => ids.slice(1).map((id, index) => [id, ids[index]!] as const)))
  const sources: number[][] = boxes.map(({ id }) => (above.has(id) ? [above.get(id)!] : []))
  for (const { from, to } of edges) sources[to]!.push(from)
  for (const { id } of boxes) {
    const before = sources[id]!
    tops.push(Math.max(top, ...before.map((from) => bottomOf(from) + gapBetween(boxes[from]!, boxes[id]!))))
  }
  for (const chain of chains) {
    if (chain.joins === undefined) continue
    const last = chain.boxes.at(-1)!
    const slack = tops[chain.joins]! + sizes[chain.joins]!.height / 2 - bottomOf(last) - gap
    for (const id of withBranches(chain, chains)) tops[id]! += Math.max(0, slack) / 2
  }
  return tops
}

function withBranches(chain: Chain, chains: readonly Chain[]): readonly number[] {
  const branches = chains.filter(({ joins }) => joins !== undefined && chain.boxes.includes(joins))
  return [...chain.boxes, ...branches.flatMap((branch) => withBranches(branch, chains))]
}

/** More where a part begins or ends, whose frame and title need room. */
function gapBetween(from: Box, to: Box): number {
  const names = (box: Box) => box.within.map((part) => part.name)
  const entered = names(to).filter((name) => !names(from).includes(name)).length
  const left = names(from).filter((name) => !names(to).includes(name)).length
  return gap + entered * partTitle + left * partPadding
}

/** A colour for each part around the layers, and one for those in none. */
function stagesOf(boxes: readonly Box[]): readonly number[] {
  const parts = ['', ...new Set(boxes.map((box) => box.within[0]?.name ?? ''))].filter(
    (name, at, all) => all.indexOf(name) === at,
  )
  return boxes.map((box) => parts.indexOf(box.within[0]?.name ?? ''))
}

/** The frame of a part, and those of the parts inside it. */
function framesOf(part: Cluster, placed: readonly Placed[]): readonly PlacedFrame[] {
  const inner = [...part.clusters.values()].map((cluster) => framesOf(cluster, placed))
  const own = part.boxes.map((box) => placed[box.id]!)
  const inside: readonly Rectangle[] = [...own, ...inner.map(([frame]) => frame!)]
  const title = part.label.join(' ')
  const half = partTitleWidth(title)
  const lefts = [...inside.map(({ x }) => x - partPadding), ...own.map(({ lane }) => lane.centre - half)]
  const rights = [
    ...inside.map(({ x, width }) => x + width + partPadding),
    ...own.map(({ lane }) => lane.centre + half),
  ]
  const x = Math.min(...lefts)
  const y = Math.min(...inside.map((each) => each.y)) - partTitle
  const bottom = Math.max(...inside.map((each) => each.y + each.height)) + partPadding
  const size = { width: Math.max(...rights) - x, height: bottom - y }
  return [
    { kind: 'inner', title, facts: [], stage: own[0]?.stage ?? inner[0]![0]!.stage, x, y, ...size },
    ...inner.flat(),
  ]
}

/** @param followed - boxes that a line leaves for the next of their lane: other lines branch off from it */
function routeOf(edge: Edge, placed: readonly Placed[], arc: Arc | undefined, followed: ReadonlySet<number>): Route {
  const from = placed[edge.from]!
  const to = placed[edge.to]!
  const stage = edge.kind === 'flow' ? undefined : Math.max(from.stage ?? 0, to.stage ?? 0)
  const way = arc ? aroundOf(from, to, arc) : wayOf(from, to)
  const branches = followed.has(edge.from) && (arc || from.lane.index < to.lane.index)
  return { points: branches ? way.slice(1) : way, kind: edge.kind, stage, arrow: true }
}

function exitOf({ lane, y, height }: Placed): Point {
  return { x: lane.centre, y: y + height }
}

/** Around the boxes between two boxes of a lane. */
function aroundOf(from: Placed, to: Placed, { side, level }: Arc): readonly Point[] {
  const { centre, half } = from.lane
  const sign = side === 'right' ? 1 : -1
  const exit = exitOf(from)
  const x = centre + sign * (half + arcGap + level * levelGap)
  const [top, bottom] = [exit.y + junction, to.y + to.height / 2]
  return [
    exit,
    { x: centre, y: top },
    { x, y: top },
    { x, y: bottom },
    { x: centre + (sign * to.width) / 2, y: bottom },
  ]
}

/** Down a lane, or from lane to lane. */
function wayOf(from: Placed, to: Placed): readonly Point[] {
  const exit = exitOf(from)
  const top = { x: to.lane.centre, y: to.y }
  if (to.lane === from.lane) return [exit, top]
  if (to.lane.index > from.lane.index) {
    const y = exit.y + junction
    return [exit, { x: exit.x, y }, { x: top.x, y }, top]
  }
  const middle = to.y + to.height / 2
  return [exit, { x: exit.x, y: middle }, { x: to.x + to.width, y: middle }]
}
