import { describe, expect, it } from 'vitest'
import { fencesOf } from './fences.js'

describe('fencesOf', () => {
  it('finds code with its line and what is said of it', () => {
    expect(fencesOf('# Title\n\n```ts page\nconst a = 1\n\na\n```\n\ntext ```no``` fence\n')).toEqual([
      { line: 4, info: ['ts', 'page'], code: 'const a = 1\n\na\n' },
    ])
  })

  it('takes the indentation of a list away, and no more', () => {
    expect(fencesOf('- so:\n  ```ts\n  if (a)\n    b\n\n  ```\n')[0]?.code).toBe('if (a)\n  b\n\n')
  })

  it('lets longer fences hold shorter ones', () => {
    expect(fencesOf('````md\n```ts\n1\n```\n````\n')).toEqual([{ line: 2, info: ['md'], code: '```ts\n1\n```\n' }])
  })

  it('reads what is left unclosed, and Windows lines', () => {
    expect(fencesOf('~~~ts\r\n1\r\n2')).toEqual([{ line: 2, info: ['ts'], code: '1\n2\n' }])
  })
})
