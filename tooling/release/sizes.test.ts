import { expect, it } from 'vitest'
import { budgetProblems } from './sizes.mjs'

it('a size within its budget is no problem', () => {
  expect(budgetProblems({ tarball: 10, '.': 5 }, { tarball: 10, '.': 6 })).toEqual([])
})

it('a size over its budget, one without a budget, and a budget of nothing are', () => {
  expect(budgetProblems({ tarball: 11 }, { tarball: 10 })).toEqual(['tarball has 11 bytes; its budget is 10'])
  expect(budgetProblems({ tarball: 11 }, undefined)).toEqual(['budgets.json has no row for tarball (11 bytes)'])
  expect(budgetProblems({}, { './gone': 10 })).toEqual(['budgets.json has a row for ./gone, which does not exist'])
})
