import { describe, expect, it } from 'vitest'
import { compareValues, describeWorst, type GoldenOp, goldenOps, goldenParams } from './index.js'

const ops = goldenOps()

function named(name: string): GoldenOp {
  return ops.find((op) => op.name === name)!
}

/** The values of an operation's input and of its parameters. */
function valuesOf(op: GoldenOp): readonly Float32Array[] {
  return [...op.inputs, ...goldenParams(op.parameters).values()].map((tensor) => tensor.read())
}

function expectClose(actual: readonly number[], op: GoldenOp): void {
  const comparison = compareValues(actual, op.output.data, { absolute: 1e-7, relative: 1e-6 })
  expect(comparison.within, describeWorst(comparison)).toBe(true)
}

describe('goldenOps', () => {
  it('has distinct names, each beginning with its function', () => {
    expect(new Set(ops.map(({ name }) => name)).size).toBe(ops.length)
    for (const { name, op } of ops) expect(name.split(' ')[0]!.replace(',', '')).toBe(op)
  })

  it.each(ops.map((op) => [op.name, op] as const))('%s is as large as its shape, and finite', (_, { output }) => {
    expect(output.data.length).toBe(output.shape.reduce((product, size) => product * size, 1))
    expect(output.data.every(Number.isFinite)).toBe(true)
  })

  // Operations short enough to be written down: what PyTorch was given is what is read here.
  it('linear is weight · x + bias', () => {
    const op = named('linear bias')
    const [x, weight, bias] = valuesOf(op) as [Float32Array, Float32Array, Float32Array]
    const rows = Array.from({ length: 3 * 11 }, (_, i) => {
      const [row, column] = [Math.floor(i / 11), i % 11]
      let sum = bias[column]!
      for (let k = 0; k < 13; k++) sum += x[row * 13 + k]! * weight[column * 13 + k]!
      return sum
    })
    expectClose(rows, op)
  })

  it('batch_norm is weight · (x − mean) / √(variance + eps) + bias', () => {
    const op = named('batch_norm rows')
    const [x, ...norm] = valuesOf(op) as [Float32Array, ...Float32Array[]]
    const [mean, variance, weight, bias] = norm as [Float32Array, Float32Array, Float32Array, Float32Array]
    const normed = Array.from(x, (value, i) => {
      const c = i % 11
      return (weight[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + 1e-5) + bias[c]!
    })
    expectClose(normed, op)
  })

  it('silu is x / (1 + e^−x), of inputs times their scale', () => {
    const op = named('silu')
    const [x] = valuesOf(op) as [Float32Array]
    expect(op.inputs[0]!.scale).toBe(4)
    expect(Math.max(...x)).toBeGreaterThan(6)
    expectClose(
      Array.from(x, (value) => value / (1 + Math.exp(-value))),
      op,
    )
  })
})
