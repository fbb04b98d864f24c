import { expect, it } from 'vitest'
import { claimProblem } from './claims.mjs'

const words = /some (\d+) kB gzip each/

it('a size within a tenth of what there is is no problem, on several lines too', () => {
  expect(claimProblem('README.md', 'binaries, some\n11 kB gzip each', words, 10_863)).toEqual([])
  expect(claimProblem('README.md', 'binaries, some 11 kB gzip each', words, 12_200)).toEqual([])
})

it('another one is, and so are words that are gone', () => {
  expect(claimProblem('README.md', 'binaries, some 11 kB gzip each', words, 12_300)).toEqual([
    'README.md says 11 kB where there are 12.3 (/some (\\d+) kB gzip each/)',
  ])
  expect(claimProblem('README.md', 'binaries', words, 10_863)).toEqual([
    'README.md gives no size by the words /some (\\d+) kB gzip each/',
  ])
})
