import { describe, expect, it } from 'vitest'
import { bar } from './bar.js'
import { table } from './table.js'
import { printable } from './text.js'

describe('bar', () => {
  it.each([
    [0, ''],
    [1, '████'],
    [0.5, '██'],
    [0.25 + 1 / 32, '█▏'],
    [0.999, '████'],
  ])('of %f in four columns', (share, drawn) => expect(bar(share, 4)).toBe(drawn))
})

describe('table', () => {
  it('aligns columns', () => {
    const rows = [
      ['a', '1', 'x'],
      ['größe', '1000', ''],
    ]
    expect(table(rows, ['left', 'right', 'left'])).toEqual(['a         1  x', 'größe  1000'])
  })
})

describe('printable', () => {
  it('keeps text on its line and off the terminal', () => {
    expect(printable('one\r\n  two')).toBe('one two')
    expect(printable('\u001b[31mred\u0007')).toBe('\ufffd[31mred\ufffd')
    expect(printable('größe 猫')).toBe('größe 猫')
  })
})
