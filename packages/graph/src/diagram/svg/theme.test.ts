import { expect, test } from 'vitest'
import { type Theme, themes } from './theme.js'

/** The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [dark, light] = [luminance(one), luminance(other)].sort((left, right) => left - right) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

test.each(Object.entries(themes) as [string, Theme][])(
  'text and lines stand out from what is behind them, %s',
  (_, theme) => {
    const { background, text, muted, line, frame, neutral, stages } = theme
    const pairs = [
      ...[background, frame.fill].flatMap((behind) => [
        { front: text, behind, least: 4.5 },
        { front: muted, behind, least: 4.5 },
        { front: line, behind, least: 3 },
        { front: frame.strong, behind, least: 4.5 },
      ]),
      ...[neutral, ...stages].flatMap(({ fill, strong }) => [
        { front: text, behind: fill, least: 4.5 },
        { front: muted, behind: fill, least: 4.5 },
        { front: strong, behind: frame.fill, least: 4.5 },
        { front: strong, behind: background, least: 4.5 },
      ]),
    ]
    const poor = pairs
      .map((pair) => ({ ...pair, ratio: contrast(pair.front, pair.behind) }))
      .filter(({ ratio, least }) => ratio < least)
    expect(poor).toEqual([])
  },
)
