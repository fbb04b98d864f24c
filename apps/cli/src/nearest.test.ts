import { describe, expect, it } from 'vitest'
import { Nearest } from './nearest.js'

const wanted = Float32Array.of(1, 0)

function found(count: number, vectors: readonly (readonly [file: string, ...vector: number[]])[]): [string, number][] {
  const nearest = new Nearest(wanted, count)
  for (const [file, ...vector] of vectors) nearest.add(file, Float32Array.from(vector))
  return nearest.results().map(({ file, similarity }) => [file, similarity])
}

describe('Nearest', () => {
  it('tells the cosine, whatever the lengths', () => {
    expect(
      found(9, [
        ['same', 5, 0],
        ['other', 0, 1e-20],
        ['opposite', -2, 0],
        ['between', 3, 4],
      ]),
    ).toEqual([
      ['same', 1],
      ['between', 0.6],
      ['other', 0],
      ['opposite', -1],
    ])
  })

  it('has no direction for zeros', () => {
    expect(
      found(9, [
        ['zero', 0, 0],
        ['apart', -1, 0.1],
        ['near', 1, 0.1],
      ]).map(([file]) => file),
    ).toEqual(['near', 'zero', 'apart'])
    const nearest = new Nearest(Float32Array.of(0, 0), 1)
    nearest.add('any', wanted)
    expect(nearest.results()).toEqual([{ file: 'any', similarity: 0 }])
  })

  it('keeps the first of equal ones', () => {
    const vectors = Array.from({ length: 100 }, (_, index) => [String(index), 1 + (index % 7), 0] as const)
    expect(found(3, vectors).map(([file]) => file)).toEqual(['0', '1', '2'])
    expect(found(1, vectors).map(([file]) => file)).toEqual(['0'])
  })

  it('is what sorting all of them gives', () => {
    let seed = 1
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 31 - 1
    }
    const vectors = Array.from({ length: 500 }, (_, index) => [String(index), random(), random()] as const)
    const all = found(500, vectors)
    expect(all.map(([, similarity]) => similarity)).toEqual(
      all.map(([, similarity]) => similarity).sort((left, right) => right - left),
    )
    for (const count of [1, 2, 10, 499, 1000]) expect(found(count, vectors)).toEqual(all.slice(0, count))
  })
})
