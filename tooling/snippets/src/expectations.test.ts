import { describe, expect, it } from 'vitest'
import { announces, withExpectations } from './expectations.js'

describe('announces', () => {
  it.each([
    ['1179648', '1179648'],
    ['1179648: two convolutions', '1179648'],
    ['{ a: 1 }', '{ a: 1 }'],
    ['[1, 2]', '[ 1, 2 ]'],
    ['{ a: 1 }: an object', '{\n  a: 1\n}'],
    ['cat 0.98…', 'cat 0.98213'],
    ['[ 0.1…, 0.2… ]: two', '[ 0.123, 0.25 ]'],
  ])('%j for %j', (comment, printed) => {
    expect(announces(comment, printed)).toBe(true)
  })

  it.each([
    ['1179648', '1179649'],
    ['117', '1179648'],
    ['1179648: two', ''],
    ['two convolutions', '1179648'],
    ['0.98…', '0.97'],
    ['1 2', '12'],
    ['a.c', 'abc'],
  ])('%j not for %j', (comment, printed) => {
    expect(announces(comment, printed)).toBe(false)
  })
})

describe('withExpectations', () => {
  it('changes commented calls alone, each on its line', () => {
    const code = 'console.log(1)\n  console.log(f(2)) // 4: twice\nconst a = 1 // one\n'
    expect(withExpectations(code)).toEqual({
      code: 'console.log(1)\n  globalThis.compareLog(0)(f(2))\nconst a = 1 // one\n',
      expected: ['4: twice'],
    })
  })
})
