import { readdirSync, readFileSync } from 'node:fs'
import { activationKinds } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { fixed, teamFields } from '../engine/memory.js'
import { activationNumber } from './convolutions.js'
import { panelChannels } from './forms.js'
import { fields, floatBits, kernels, type Layout, planOp } from './layout.js'

const folder = new URL('../../assembly/', import.meta.url)
const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'))
const source = sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')

/** The classes of the kernels' source, by name: what each extends, and its own fields with their types. */
const classes = new Map(
  [...source.matchAll(/^(?:export )?class (\w+)(?: extends (\w+))? \{\n([^}]*)\}/gm)].map(([, name, base, body]) => [
    name,
    {
      base,
      own: body
        .trim()
        .split('\n')
        .map((line) => line.trim().split(': ')),
    },
  ]),
)

/** The fields of a class, those it inherits first, with their types. */
function typedFieldsOf(className: string): readonly string[][] {
  const { base, own } = classes.get(className) ?? { base: undefined, own: [] }
  return [...(base === undefined ? [] : typedFieldsOf(base)), ...own]
}

function fieldsOf(className: string): readonly string[] {
  return typedFieldsOf(className).map(([name]) => name)
}

/** What `execute` of assembly/index.ts takes the op of a number to be. */
const cases = [...source.matchAll(/case (\d+):\s+return \w+\(changetype<(\w+)>\(op\)/g)].map(
  ([, number, className]) => [Number(number), className] as const,
)

describe('the layouts are those of the classes in assembly/', () => {
  test.each(Object.entries(kernels))('%s', (_, [number, layout]) => {
    const className = cases.find(([each]) => each === number)?.[1]
    expect(className).toBe(layout.replace(/^./, (letter) => letter.toUpperCase()))
    expect(fieldsOf(className as string)).toEqual(['kind', 'next', 'items', ...fields[layout]])
  })

  test('every number has its kernel', () => {
    expect(cases.map(([number]) => number).sort((a, b) => a - b)).toEqual(
      Object.values(kernels)
        .map(([number]) => number)
        .sort((a, b) => a - b),
    )
  })

  test('every layout has its kernel', () => {
    expect([...new Set(Object.values(kernels).map(([, layout]) => layout))].sort()).toEqual(Object.keys(fields).sort())
  })

  test('all fields are words of 32 bits', () => {
    const types = [...classes.keys()].flatMap((name) => typedFieldsOf(name).map(([, type]) => type))
    expect(types.length).toBeGreaterThan(100)
    expect(new Set(types)).toEqual(new Set(['i32', 'usize', 'f32']))
  })

  test("what every op begins with, and the team's words", () => {
    expect(fieldsOf('Op')).toEqual(['kind', 'next', 'items'])
    expect(fieldsOf('Team')).toEqual(teamFields)
  })
})

test('the team lies where the kernels look whether the run was cancelled', () => {
  const [, team, field] = /const CANCELLED: usize = (\d+) \+ (\d+)/.exec(source) ?? []
  expect([Number(team), Number(field)]).toEqual([fixed.team, teamFields.indexOf('cancelled') * 4])
})

test('activations have the numbers of assembly/activation.ts', () => {
  for (const kind of activationKinds) {
    const name = kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    expect(source).toContain(`export const ${name}: i32 = ${activationNumber(kind)}\n`)
  }
  expect(source).toContain(`export const NONE: i32 = ${activationNumber(null)}\n`)
})

test('a panel has as many channels as in assembly/tile.ts', () => {
  expect(source).toContain(`export const PANEL: i32 = ${panelChannels}\n`)
})

test('an op is its number, a zero, its items, and its fields in order', () => {
  expect(planOp('here', 'fill', 3, { bytes: 8, output: 4 })).toEqual({
    node: 'here',
    kernel: 'fill',
    words: Int32Array.of(kernels.fill[0], 0, 3, 4, 8),
  })
})

test('addresses above 2 GiB keep their bits', () => {
  const { words } = planOp('here', 'fill', 1, { output: 3 * 2 ** 30, bytes: 0 })
  expect(words[3] >>> 0).toBe(3 * 2 ** 30)
})

test("a float's bits are those of IEEE 754", () => {
  expect(floatBits(1)).toBe(0x3f800000)
  expect(floatBits(-0)).toBe(-0x80000000)
})

test.each(Object.keys(fields) as Layout[])('%s has no field twice', (layout) => {
  expect(new Set(fields[layout]).size).toBe(fields[layout].length)
})
