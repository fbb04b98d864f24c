import { expect, test } from 'vitest'
import { bestTile, tileModule, tileOf } from './tile.js'

const kinds = [
  ['relaxed', 6],
  ['plain', 4],
] as const

for (const [kind, rows] of kinds) {
  const missing = WebAssembly.validate(tileModule(kind)) ? '' : ' (skipped: this Node does not have its instructions)'
  test.skipIf(missing)(`the ${kind} tile is a matrix product${missing}`, async () => {
    const { instance } = await WebAssembly.instantiate(tileModule(kind))
    const { memory, run } = instance.exports as { memory: WebAssembly.Memory; run(repeats: number): void }
    const floats = new Float32Array(memory.buffer)
    const [depth, b, c] = [256, (32 * 1024) / 4, (48 * 1024) / 4]
    const valueA = (step: number, row: number) => ((step * 7 + row * 3) % 5) - 2
    const valueB = (step: number, column: number) => ((step * 5 + column) % 7) - 3
    for (let step = 0; step < depth; step++) {
      for (let row = 0; row < rows; row++) floats[step * rows + row] = valueA(step, row)
      for (let column = 0; column < 8; column++) floats[b + step * 8 + column] = valueB(step, column)
    }
    run(3)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < 8; column++) {
        let sum = 0
        for (let step = 0; step < depth; step++) sum += valueA(step, row) * valueB(step, column)
        expect(floats[c + row * 8 + column], `row ${row}, column ${column}`).toBe(3 * sum)
      }
    }
  })
}

test('its speed is that of a processor, not of nothing at all', () => {
  const tile = bestTile()
  expect(tile!.measure()).toBeGreaterThan(0.1)
  expect(tile!.measure()).toBeLessThan(1000)
})

test('the best is the relaxed one where there is one', () => {
  expect(bestTile()?.kind).toBe(tileOf('relaxed') ? 'relaxed' : 'plain')
})
