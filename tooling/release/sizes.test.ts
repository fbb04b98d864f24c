import { expect, it } from 'vitest'
import { budgetProblems, renewedBudgets } from './sizes.mjs'

it('a size within its budget is no problem', () => {
  expect(budgetProblems({ tarball: 10, '.': 5 }, { tarball: 10, '.': 6 })).toEqual([])
})

it('a budget that is far above what there is says nothing, and is a problem', () => {
  expect(budgetProblems({ '.': 100 }, { '.': 140 })).toEqual([])
  expect(budgetProblems({ '.': 100 }, { '.': 141 })).toEqual(['. has 100 bytes; its budget of 141 is far above them'])
})

it('budgets are set anew where they are not kept to, too loose or missing, and otherwise stay', () => {
  const sizes = { tarball: 393_752, unpacked: 100, '.': 100, './new': 7 }
  const budgets = { tarball: 390_000, unpacked: 105, '.': 200, './gone': 1 }
  const renewed = renewedBudgets(sizes, budgets)
  expect(renewed).toEqual({ tarball: 440_000, unpacked: 105, '.': 110, './new': 8 })
  expect(budgetProblems(sizes, renewed)).toEqual([])
})

it('a size over its budget, one without a budget, and a budget of nothing are', () => {
  expect(budgetProblems({ tarball: 11 }, { tarball: 10 })).toEqual(['tarball has 11 bytes; its budget is 10'])
  expect(budgetProblems({ tarball: 11 }, undefined)).toEqual(['budgets.json has no row for tarball (11 bytes)'])
  expect(budgetProblems({}, { './gone': 10 })).toEqual(['budgets.json has a row for ./gone, which does not exist'])
})
