import { reference } from '@resnet-ts/backend-reference'
import { type Backend, tensor } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { opCase, type Tensors } from './case.js'
import { checkCase } from './check.js'

const testCase = opCase('relu', [[1, 2, 2, 3]], (g, x) => g.relu(x))

/** The reference, but for what `spoil` does to its outputs. */
function spoiled(spoil: (outputs: Tensors) => Tensors): Backend {
  return {
    ...reference(),
    async compile(graph, params) {
      const session = await reference().compile(graph, params)
      return {
        run: async (inputs) => spoil(await session.run(inputs)),
        describe: () => session.describe(),
        dispose: () => session.dispose(),
      }
    },
  }
}

test('nothing is wrong with what is right', async () => {
  expect(await checkCase(reference(), testCase)).toEqual([])
})

describe('a wrong answer is told, and where it is wrong', () => {
  const data = (change: (values: Float32Array) => void) => (outputs: Tensors) => {
    const values = outputs.y.data.slice()
    change(values)
    return { y: tensor(outputs.y.shape, values) }
  }

  test('a value', async () => {
    const [fault] = await checkCase(spoiled(data((values) => values.set([values[7] + 3e-5], 7))), testCase)
    expect(fault).toMatch(/^output 'y': worst at 7 of 12: .* that is at \[0, 1, 0, 1\]$/)
  })

  test('a value that is not a number', async () => {
    const [fault] = await checkCase(spoiled(data((values) => values.set([Number.NaN], 11))), testCase)
    expect(fault).toMatch(/^output 'y': worst at 11 of 12: NaN .* that is at \[0, 1, 1, 2\]$/)
  })

  test('a shape', async () => {
    const flat = spoiled(({ y }) => ({ y: tensor([1, 12], y.data) }))
    expect(await checkCase(flat, testCase)).toEqual(["output 'y': shape [1, 12] instead of [1, 2, 2, 3]"])
  })

  test('elements that are missing', async () => {
    const short = spoiled(({ y }) => ({ y: { ...y, data: y.data.subarray(1) } }))
    expect(await checkCase(short, testCase)).toEqual(["output 'y': 11 elements instead of 12"])
  })

  test('outputs of other names', async () => {
    expect(
      await checkCase(
        spoiled(({ y }) => ({ z: y })),
        testCase,
      ),
    ).toEqual(['outputs z instead of y'])
  })
})
