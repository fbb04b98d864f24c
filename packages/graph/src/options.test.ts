import { describe, expect, test } from 'vitest'
import { OptionError } from './errors.js'
import { refuseUnknownOptions } from './options.js'

interface Options {
  readonly topK?: number
  readonly batchSize?: number
}
const known = { topK: true, batchSize: true } as const
const refuse = (options: unknown) => () => refuseUnknownOptions('classify', options as Options, known)

describe('refuseUnknownOptions', () => {
  test('names what is unknown, and the nearest there is', () => {
    expect(refuse({ topK: 1, topk: 3 })).toThrow(OptionError)
    expect(refuse({ topK: 1, topk: 3 })).toThrow(
      "options of classify: expected topK, batchSize, found 'topk'; the nearest is 'topK'.",
    )
  })

  test.each([[{}], [{ topK: 3 }], [{ topK: undefined, batchSize: 2 }], [{ other: undefined }]])(
    'lets %o pass',
    (options) => {
      expect(refuse(options)).not.toThrow()
    },
  )

  test.each([
    [5, '5'],
    ['topK', "'topK'"],
    [null, 'null'],
    [[1], '[1]'],
    [{ constructor: 1 }, "'constructor'"],
  ])('refuses %o', (options, found) => {
    expect(refuse(options)).toThrow(OptionError)
    expect(refuse(options)).toThrow(`found ${found}`)
  })
})
