import { expect } from 'vitest'
import { elementsOf, parseXml, type XmlElement } from './xml.js'

/** What is in an SVG diagram, to be counted and compared. */
export interface Picture {
  readonly root: XmlElement
  readonly width: number
  readonly height: number
  /** The text of each box, line by line; a tag or a shape at the end of a line is a line of its own. */
  readonly boxes: readonly (readonly string[])[]
  /** The title and the facts of each frame. */
  readonly frames: readonly (readonly string[])[]
  readonly solid: number
  /** The lines of dashed shortcuts: as many as shortcuts, where only blocks are drawn. */
  readonly dashed: number
  readonly sums: number
  readonly products: number
}

/** Reads an SVG, after checking that it is one, and that nothing in it lies on anything else. */
export function pictureOf(svg: string): Picture {
  const root = parseXml(svg)
  const scene = root.children.find(({ name, attributes }) => name === 'g' && attributes.class === undefined)!
  const [, , width, height] = root.attributes.viewBox!.split(' ').map(Number) as [number, number, number, number]
  const texts = (element: XmlElement) =>
    elementsOf(element)
      .filter(({ name }) => name === 'text')
      .map(({ text }) => text)
  checkPlaces(root, scene, width, height)
  const count = (className: string) => elementsOf(scene, className).length
  return {
    root,
    width,
    height,
    boxes: elementsOf(scene, 'box').map(texts),
    frames: elementsOf(scene, 'frame').map(texts),
    solid: count('solid'),
    dashed: count('dashed'),
    sums: count('sum'),
    products: count('product'),
  }
}

interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function checkPlaces(root: XmlElement, scene: XmlElement, width: number, height: number): void {
  const [shift] = /-?[\d.]+/.exec(scene.attributes.transform ?? '0')!.map(Number)
  const number = (element: XmlElement, name: string) => Number(element.attributes[name])
  const areas = elementsOf(scene, 'box').map((box): Area => {
    const rectangle = box.children.findLast(({ name, attributes }) => name === 'rect' && attributes.rx !== '9')!
    const [left, top] = [number(rectangle, 'x'), number(rectangle, 'y')]
    return { left, top, right: left + number(rectangle, 'width'), bottom: top + number(rectangle, 'height') }
  })
  for (const [index, area] of areas.entries()) {
    expect(area.left + shift!).toBeGreaterThanOrEqual(0)
    expect(area.top).toBeGreaterThanOrEqual(0)
    expect(area.right + shift!).toBeLessThanOrEqual(width)
    expect(area.bottom).toBeLessThanOrEqual(height)
    const overlapping = areas.slice(index + 1).filter((other) => overlap(area, other))
    expect(overlapping).toEqual([])
  }
  const lines = [...elementsOf(scene, 'flow'), ...elementsOf(scene, 'shortcut')]
  for (const line of lines) {
    const crossed = segmentsOf(line.children[0]!.attributes.d!).flatMap((segment) =>
      areas.filter((area) => overlap(segment, area)).map((area) => ({ segment, area })),
    )
    expect(crossed).toEqual([])
  }
  expect(root.attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg' })
  expect(root.children.slice(0, 2).map(({ name }) => name)).toEqual(['title', 'desc'])
}

/** Whether two areas have more than an edge in common. */
function overlap(one: Area, other: Area): boolean {
  const slack = 1
  return (
    one.left + slack < other.right &&
    other.left + slack < one.right &&
    one.top + slack < other.bottom &&
    other.top + slack < one.bottom
  )
}

/** The straight parts of a path, corners taken as sharp, each as an area as thin as a line. */
function segmentsOf(path: string): readonly Area[] {
  const numbers = path.match(/-?[\d.]+/g)!.map(Number)
  const points = Array.from({ length: numbers.length / 2 }, (_, index) => numbers.slice(2 * index, 2 * index + 2))
  return points.slice(1).map((point, index) => {
    const [x, y] = point as [number, number]
    const [fromX, fromY] = points[index] as [number, number]
    return {
      left: Math.min(x, fromX) - 0.6,
      right: Math.max(x, fromX) + 0.6,
      top: Math.min(y, fromY) - 0.6,
      bottom: Math.max(y, fromY) + 0.6,
    }
  })
}
