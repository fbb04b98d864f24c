import { describe, expect, test } from 'vitest'
import { describeValue, isRecord } from './describe.js'
import { BackendError, GraphError, OptionError, ParameterError, ResnetError, ShapeError } from './errors.js'

const details = { subject: "node 'conv1' (conv2d)", expected: '3 channels', found: '4' }

describe('an error', () => {
  test('is one sentence of what was expected and what was found', () => {
    expect(new ResnetError(details).message).toBe("node 'conv1' (conv2d): expected 3 channels, found 4.")
  })

  test('ends in what to do, where there is something', () => {
    const error = new ResnetError({ ...details, advice: 'convert the image to RGB' })
    expect(error.message).toBe("node 'conv1' (conv2d): expected 3 channels, found 4; convert the image to RGB.")
  })

  test('keeps its details and its cause', () => {
    const cause = new Error('why')
    const error = new ResnetError({ ...details, cause })
    expect(error.details).toEqual({ ...details, cause })
    expect(error.cause).toBe(cause)
    expect('cause' in new ResnetError(details)).toBe(false)
  })

  test.each([
    ['GraphError', GraphError],
    ['ShapeError', ShapeError],
    ['ParameterError', ParameterError],
    ['BackendError', BackendError],
    ['OptionError', OptionError],
  ])('%s is a ResnetError, and an Error, of that name', (name, ErrorClass) => {
    const error = new ErrorClass(details)
    expect(error).toBeInstanceOf(ResnetError)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: ${error.message}`)
  })

  test('of another package has the name that it states, whatever a minifier calls its class', () => {
    class u extends ResnetError {
      override readonly name = 'ImageError'
    }
    expect(new u(details).name).toBe('ImageError')
  })
})

describe('describeValue', () => {
  test.each<[unknown, string]>([
    [3, '3'],
    [Number.NaN, 'NaN'],
    [12n, '12'],
    ['text', "'text'"],
    ['x'.repeat(100), `'${'x'.repeat(60)}…'`],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [{}, 'an object'],
    [Object.create(null), 'an object'],
    [() => 1, 'a function'],
    [[], '[]'],
    [[1, 'a', null, [2]], "[1, 'a', null, a list]"],
    [new Array(2), '[undefined, undefined]'],
    [new Array(9).fill(0), '[0, 0, 0, 0, 0, 0, 0, 0, …]'],
  ])('puts %o in words', (value, words) => {
    expect(describeValue(value)).toBe(words)
  })
})

test('describeValue does not follow a list into itself', () => {
  const endless: unknown[] = []
  endless.push(endless)
  expect(describeValue(endless)).toBe('[a list]')
})

test.each<[unknown, boolean]>([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('whether %o has fields', (value, expected) => {
  expect(isRecord(value)).toBe(expected)
})
